using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>A network of random weights that experiments of Nie, Zhang and Patel (2018) show pictures.</summary>
/// <param name="Key">Its name in keys of units.</param>
/// <param name="Name">Its name in tables.</param>
/// <param name="Side">Rows and columns of its input.</param>
/// <param name="Build">Makes it.</param>
internal sealed record RandomSubject(string Key, string Name, int Side, Func<RandomNetworks, Network> Build)
{
    /// <summary>Photos that an experiment takes where nobody says how many.</summary>
    public const int Photos = 3;

    /// <summary>Rows and columns of the paper's inputs.</summary>
    public const int PaperSide = 224;

    /// <summary>The unit of a photo, and what is done with the network, the photo's input and what was found.</summary>
    public ExperimentUnit Unit(Laboratory laboratory, Photo photo, string experiment, Action<RandomSubject, Engine, PreparedInput, UnitResult> study)
    {
        var settings = new Dictionary<string, string> { ["network"] = $"{Name}, {Side}x{Side}", ["picture"] = photo.Hash };
        return new ExperimentUnit(KeyOf(experiment, photo), settings, watch =>
        {
            using Network network = Build(new RandomNetworks(laboratory.Options.Seed));
            using Engine engine = network.On(laboratory.Options.Device);
            PreparedInput input = Prepare(photo.Picture, photo.Name, network);
            watch.Cancellation.ThrowIfCancellationRequested();
            var result = new UnitResult { Pictures = new() { ["photo"] = input.Shown } };
            study(this, engine, input, result);
            return result;
        });
    }

    /// <summary>The key of a photo's unit.</summary>
    public string KeyOf(string experiment, Photo photo) => ExperimentUnit.KeyOf(experiment, Key, photo.Name);

    /// <summary>Draws the maps of the paper's methods of the arg-max logit, and notes how much of the locally normalised input each shows.</summary>
    public void Maps(Engine engine, PreparedInput input, UnitResult result)
    {
        float[] limit = Flat(LocalNormalisation.Of(engine.Network, input.Tensor)), pixels = Flat(input.Tensor);
        foreach (GradientMethod method in new GradientMethod[] { new Saliency(engine), new DeconvNet(engine), new GuidedBackprop(engine) })
        {
            AttributionResult map = method.Attribute(input, Target.Argmax);
            result.Numbers[$"{method.Name} recovery"] = Correlation.Pearson(map.Row(0), limit);
            result.Numbers[$"{method.Name} correlation"] = Correlation.Pearson(map.Row(0), pixels);
            result.Numbers[$"{method.Name} detail"] = Correlation.Pearson(Detail(map.Row(0), Side), Detail(limit, Side));
            result.Pictures[method.Name] = MethodCatalogue.ByName(method.Name).LookFor(3).Render(map.Row(0), 3, Side, Side).Picture;
        }
    }

    /// <summary>A picture at the network's size, from 0 to 1 less its mean over all numbers.</summary>
    public static PreparedInput Prepare(Picture picture, string name, Network network)
    {
        Preprocessing whole = Preprocessing.Unit with { Name = "unit, less the picture's mean" };
        double mean = Flat(whole.Apply(picture, network.Input, name).Tensor).Average(v => (double)v);
        return (whole with { Mean = [mean] }).Apply(picture, network.Input, name);
    }

    /// <summary>Square planes less the mean of the 9x9 pixels around each, as far as they are there: what is left of a picture are its edges.</summary>
    public static float[] Detail(ReadOnlySpan<float> planes, int side)
    {
        const int Reach = 4;
        var detail = planes.ToArray();
        for (int i = 0; i < detail.Length; i++)
        {
            int plane = i / (side * side) * side * side, y = i / side % side, x = i % side, count = 0;
            double sum = 0;
            for (int v = Math.Max(0, y - Reach); v <= Math.Min(side - 1, y + Reach); v++)
            {
                for (int u = Math.Max(0, x - Reach); u <= Math.Min(side - 1, x + Reach); u++, count++)
                    sum += planes[plane + v * side + u];
            }

            detail[i] -= (float)(sum / count);
        }

        return detail;
    }

    /// <summary>All numbers, row-major.</summary>
    public static float[] Flat(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    /// <summary>Three planes of numbers shrunk with antialiasing.</summary>
    public static float[] Shrink(float[] planes, int from, int to)
    {
        var columns = new float[3 * from * to];
        ResamplingTable.Pil(ResamplingFilter.Bilinear, from, to).Apply(planes, columns, 3 * from);
        var both = new float[3 * to * to];
        ResamplingTable.Pil(ResamplingFilter.Bilinear, from, to).Apply(columns, both, 3, to);
        return both;
    }
}
