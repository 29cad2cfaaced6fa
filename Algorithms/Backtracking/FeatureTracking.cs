using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Shows what some units of the feature maps stand for in an image: the difference its reconstruction makes when they are set to zero (Fang 2017,
/// "Feature tracking").</summary>
/// <remarks>out = |grey(D(M')) - grey(D(M))| with the mirrored network D, the image's maps M, the same maps M' without the units, and for both the switches of
/// the image itself. Safe to use from several threads.</remarks>
/// <param name="engine">The network on a device.</param>
/// <param name="node">The node whose units are set to zero.</param>
/// <param name="options">What the mirrored network adds; null for Fang's.</param>
public sealed class FeatureTracking(Engine engine, string node, MirrorOptions? options = null)
{
    readonly MirroredDeconvolution _mirror = new(engine, node, options);

    /// <summary>The mirrored network.</summary>
    public MirroredDeconvolution Mirror => _mirror;

    /// <summary>Tracks sets of units in a prepared picture.</summary>
    /// <param name="input">The picture.</param>
    /// <param name="sets">Sets of units of the node.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>A feature image per set.</returns>
    /// <exception cref="PreimageException">The picture does not fit the network, or a set the node.</exception>
    public IReadOnlyList<TrackedFeatures> Track(PreparedInput input, IReadOnlyList<UnitSet> sets, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Track(input.Tensor, input.Preprocessing.Order, sets, cancellation);
    }

    /// <summary>Tracks sets of units in one image.</summary>
    /// <param name="input">1 x C x H x W values.</param>
    /// <param name="order">The order of its channels: what is red weighs 0.299, green 0.587, blue 0.114.</param>
    /// <param name="sets">Sets of units of the node.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>A feature image per set.</returns>
    /// <exception cref="PreimageException">The image does not fit the network, or a set the node.</exception>
    public IReadOnlyList<TrackedFeatures> Track(Tensor<float> input, ChannelOrder order, IReadOnlyList<UnitSet> sets, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(sets);
        if (input.Rank != 4 || input.Lengths[0] != 1 || input.Lengths[1] is not (1 or 3))
            throw new PreimageException($"feature tracking in an input of {string.Join('x', input.Lengths.ToArray())}: one image of 1 or 3 channels is wanted");
        Tensor<float> rows = _mirror.Reconstruct(input, sets, cancellation);
        ReadOnlySpan<float> values = TensorSpans.Dense(rows);
        int channels = (int)input.Lengths[1], height = (int)input.Lengths[2], width = (int)input.Lengths[3], size = channels * height * width;
        float[] whole = values[..size].ToArray(), grey = Grey(whole, channels, order);
        var results = new TrackedFeatures[sets.Count];
        for (int k = 0; k < results.Length; k++)
        {
            float[] without = values.Slice((k + 1) * size, size).ToArray(), image = Grey(without, channels, order);
            TensorPrimitives.Subtract(image, grey, image);
            TensorPrimitives.Abs(image, image);
            results[k] = new TrackedFeatures(sets[k], order, channels, height, width, whole, without, image);
        }

        return results;
    }

    /// <summary>Grey as the paper's program has it: 0.114 B + 0.587 G + 0.299 R; a single channel as it is, three of a grey picture their mean.</summary>
    internal static float[] Grey(ReadOnlySpan<float> image, int channels, ChannelOrder order)
    {
        if (channels == 1)
            return image.ToArray();
        const double Red = 0.299, Green = 0.587, Blue = 0.114;
        (double first, double second, double third) = order switch
        {
            ChannelOrder.Bgr => (Blue, Green, Red), ChannelOrder.Rgb => (Red, Green, Blue), _ => (1.0 / 3, 1.0 / 3, 1.0 / 3),
        };
        int plane = image.Length / 3;
        var grey = new float[plane];
        for (int i = 0; i < plane; i++)
            grey[i] = (float)(first * image[i] + second * image[plane + i] + third * image[2 * plane + i]);
        return grey;
    }
}
