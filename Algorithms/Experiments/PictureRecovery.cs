using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments;

/// <summary>How much of a picture one method draws back out of an untrained network.</summary>
/// <param name="Pool">The network's max pooling, or null for none.</param>
/// <param name="Result">The map.</param>
/// <param name="Correlation">Pearson's correlation of the map with the network's input, the picture less its mean.</param>
public sealed record RecoveredPicture(Window? Pool, AttributionResult Result, double Correlation);

/// <summary>Explains networks that know nothing, to show which methods draw the picture rather than what the network knows (Nie, Zhang and Patel 2018, section 3).</summary>
/// <remarks>
/// In a network of one random convolution, guided backpropagation gives the picture back, normalised locally; saliency gives noise; DeconvNet
/// gives noise that does not even depend on the picture, unless max pooling picks the units that fire.
/// </remarks>
public static class PictureRecovery
{
    /// <summary>Runs saliency, DeconvNet and guided backpropagation on a three-layer network without and with 9x9 max pooling, both of the same weights.</summary>
    /// <param name="picture">The picture, at the size the networks take.</param>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>Three results without pooling, then three with.</returns>
    public static IReadOnlyList<RecoveredPicture> Run(Picture picture, ulong seed, Device device, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Preprocessing preprocessing = LessItsMean(picture.ToRgb());
        var random = new RandomNetworks(seed);
        var results = new List<RecoveredPicture>();
        foreach (Window? pool in new[] { null, RandomNetworks.MaxPool9 })
        {
            using Network network = random.ThreeLayer(picture.Height, picture.Width, pool: pool);
            using Engine engine = network.On(device);
            PreparedInput input = preprocessing.Apply(picture, network.Input);
            var pixels = new float[input.Tensor.FlattenedLength];
            input.Tensor.FlattenTo(pixels);
            foreach (AttributionMethod method in new AttributionMethod[] { new Saliency(engine), new DeconvNet(engine), new GuidedBackprop(engine) })
            {
                // Any logit will do: their weights are alike.
                AttributionResult result = method.Attribute(input, Target.Class(0), cancellation: cancellation);
                results.Add(new RecoveredPicture(pool, result, Correlation.Pearson(result.Row(0), pixels)));
            }
        }

        return results;
    }

    static Preprocessing LessItsMean(Picture picture)
    {
        double sum = 0;
        foreach (byte sample in picture.Pixels)
            sum += sample;
        return Preprocessing.Unit with { Name = "unit, less the picture's mean", Mean = [sum / 255 / picture.Pixels.Length] };
    }
}
