using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>Shows the filters of any layer in the image's own space, without an image: each weight is substituted by the filter it weighs, down to the pixels
/// (Rafegas and Vanrell 2016; spec section 5).</summary>
/// <remarks>All of it is linear: it is the network run backwards from a filter, with interpolation in the place of pools and nothing in the place of rectifiers. Padding is not cropped, so that
/// an image is as large as the layer's receptive field. Holds no state; safe to use from several threads.</remarks>
/// <param name="engine">The network on a device; decoding runs there too.</param>
public sealed class FilterDecoder(Engine engine)
{
    /// <summary>Units that run together at most; more gain nothing.</summary>
    const int MostTogether = 64;

    /// <summary>Decodes filters of a layer.</summary>
    /// <param name="node">The convolution or dense layer, or a node between which and it there are identities and batch norms only.</param>
    /// <param name="units">The filters, in the order wanted; null for all.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told the number of filters done.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <returns>An image of the network's input for each filter.</returns>
    /// <exception cref="PreimageException">There is no such node or unit, or the images do not fit an array.</exception>
    /// <exception cref="ModelException">The layers below are not a stack of those that have a decoding; the message names the first that has none.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public DecodedFilters Decode(
        string node, IReadOnlyList<int>? units = null, DecodingOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new DecodingOptions();
        if (options.MemoryBudget < 1)
            throw new PreimageException($"decoding '{node}' with a budget of {options.MemoryBudget} bytes: there must be at least 1");
        Node asked = engine.Network.Nodes[node];
        DecodingPath path = DecodingPath.Of(engine.Network, asked);
        units ??= [.. Enumerable.Range(0, path.Units)];
        if (units.Count == 0)
            throw new PreimageException($"decoding '{asked.Name}': no units are asked for");
        foreach (int unit in units)
        {
            if ((uint)unit >= (uint)path.Units)
                throw new PreimageException($"node '{asked.Name}' has units 0 to {path.Units - 1}, not {unit}");
        }

        var filters = new LayerFilters(path.Top);
        (float[] images, Shape shape) = path.Steps.Count == 0
            ? (Read(filters, path, units), filters.Shape)
            : Run(filters, path, units, options, progress, cancellation);
        progress?.Report(units.Count);
        nint[] lengths = shape.Rank == 4 ? [units.Count, shape.C, shape.H, shape.W] : [units.Count, shape.C, 1, 1];
        return new DecodedFilters(Tensor.Create(images, lengths), asked.Name, units, options, engine) { Source = path.Source.Name };
    }

    static float[] Read(LayerFilters filters, DecodingPath path, IReadOnlyList<int> units)
    {
        int size = filters.Shape.SampleCount;
        var values = new float[Total(units.Count, size)];
        for (int i = 0; i < units.Count; i++)
            filters.Read(units[i], path.Factors[units[i]], values.AsSpan(i * size, size));
        return values;
    }

    (float[] Images, Shape Shape) Run(
        LayerFilters filters, DecodingPath path, IReadOnlyList<int> units, DecodingOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        using Network network = DecodingNetwork.Build(path.Steps, filters.Shape, options.Unpooling);
        Shape shape = network.InferShapes()[network.Output.Index];
        var images = new float[Total(units.Count, shape.SampleCount)];
        using Engine decoding = network.On(engine.Device, engine.Options);
        int most = Together(decoding, units.Count, options.MemoryBudget);
        int groups = (units.Count + most - 1) / most;
        for (int group = 0, first = 0; group < groups; group++)
        {
            int end = (int)((long)units.Count * (group + 1) / groups);
            float[] own = Read(filters, path, [.. units.Skip(first).Take(end - first)]);
            using PlanLoan loan = decoding.Rent(new PlanOptions { Batch = end - first });
            loan.Plan.SetInput(network.Input, own);
            loan.Plan.Forward(cancellation);
            loan.Plan.Read(network.Output, images.AsSpan(first * shape.SampleCount, (end - first) * shape.SampleCount));
            progress?.Report(first = end);
        }

        return (images, shape);
    }

    /// <summary>The most units, up to a power of two, whose plan fits the budget.</summary>
    static int Together(Engine decoding, int units, long budget)
    {
        int together = 1;
        while (2 * together <= Math.Min(units, MostTogether) && decoding.Measure(new PlanOptions { Batch = 2 * together }) <= budget)
            together *= 2;
        return together;
    }

    static int Total(int units, int size) => (long)units * size <= Array.MaxLength ? units * size
        : throw new PreimageException($"{units} decoded filters of {size} values each are more than an array holds ({Array.MaxLength}): decode fewer at a time");
}
