using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.FilterDecoding;

/// <summary>Decoded filters laid over images as a layer of filters of their own, beside the layer they were decoded from (spec section 5.4).</summary>
/// <remarks>
/// The image is what the lowest layer reads (<see cref="DecodedFilters.Source"/>), so that a mean the network subtracts is subtracted here too. Filters are correlated with it at the
/// receptive field's stride, each place over the field of the unit there; outside the image there are zeros, as there are for the network. Safe to use from several threads.
/// </remarks>
public sealed class DecodedBank : IDisposable
{
    readonly Engine _engine;
    readonly Network _bank;
    readonly Engine _filters;
    readonly Node _node, _source;
    readonly Shape _image, _canvas;
    readonly int _top, _left;

    /// <summary>Makes the layer ready.</summary>
    /// <param name="engine">The network the filters are of, on a device; it must outlive the bank.</param>
    /// <param name="filters">The filters.</param>
    /// <exception cref="PreimageException">The network has no such nodes, or the images are not the receptive fields of the node's units.</exception>
    public DecodedBank(Engine engine, DecodedFilters filters)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(filters);
        (_engine, Filters) = (engine, filters);
        Network network = engine.Network;
        (_node, _source) = (network.Nodes[filters.Node], network.Nodes[filters.Source]);
        IReadOnlyList<Shape> shapes = network.InferShapes();
        Shape values = shapes[_node.Index];
        _image = shapes[_source.Index];
        (int channels, int height, int width) = filters.Size;
        if (ReceptiveField.Of(network)[_node.Index] is not { } field || field.Size != (height, width) || channels != _image.C || (_image.H, _image.W) != (network.InputShape.H, network.InputShape.W))
            throw new PreimageException($"filters of {channels}x{height}x{width} are not the receptive fields of node '{_node.Name}' in '{_source.Name}' ({_image}): they cannot be laid over it");
        (Rows, Columns) = (values.H, values.W);
        (_top, _left, _, _) = field.Box(0, 0);
        _canvas = new Shape(1, channels, (Rows - 1) * field.Stride.Y + height, (Columns - 1) * field.Stride.X + width);

        var builder = new NetworkBuilder();
        builder.Output(builder.Add(_node.Name, new Convolution
        {
            Weight = new MemoryWeights(TensorSpans.Dense(filters.Filters).ToArray(), filters.Units.Count, channels, height, width),
            Sliding = new Window { Kernel = (height, width), Stride = field.Stride },
        }, builder.Input("image", _canvas)));
        _bank = builder.Build();
        _filters = _bank.On(engine.Device, engine.Options);
    }

    /// <summary>The filters.</summary>
    public DecodedFilters Filters { get; }

    /// <summary>Rows of responses of each filter: those of the node.</summary>
    public int Rows { get; }

    /// <summary>Columns of responses of each filter.</summary>
    public int Columns { get; }

    /// <summary>Responses of the network's units and of their decoded filters, both as images x units x rows x columns.</summary>
    /// <param name="inputs">Inputs of the network, any number.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The inputs do not fit the network.</exception>
    public (Tensor<float> Network, Tensor<float> Decoded) Respond(Tensor<float> inputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Shape expected = _engine.Network.InputShape;
        if (inputs.FlattenedLength == 0 || inputs.FlattenedLength % expected.SampleCount != 0 || inputs.FlattenedLength > int.MaxValue)
            throw new PreimageException($"inputs of {string.Join('x', inputs.Lengths.ToArray())} are no samples of {expected}");
        (float[] network, float[] decoded) = Respond(TensorSpans.Dense(inputs), cancellation);
        nint[] lengths = [(nint)(inputs.FlattenedLength / expected.SampleCount), Filters.Units.Count, Rows, Columns];
        return (Tensor.Create(network, lengths), Tensor.Create(decoded, lengths));
    }

    /// <summary>Equation 3 for each image: the mean squared difference between the responses of all units and those of their decoded filters, each scaled to 0..1 by its own smallest
    /// and largest over all units and places.</summary>
    /// <inheritdoc cref="Respond(Tensor{float}, CancellationToken)"/>
    public double[] Errors(Tensor<float> inputs, CancellationToken cancellation = default)
    {
        (Tensor<float> network, Tensor<float> decoded) = Respond(inputs, cancellation);
        return Errors(TensorSpans.Dense(network), TensorSpans.Dense(decoded), (int)network.Lengths[0]);
    }

    /// <summary>Frees what the bank holds; the network's engine stays.</summary>
    public void Dispose()
    {
        _filters.Dispose();
        _bank.Dispose();
    }

    /// <summary>As <see cref="Respond(Tensor{float}, CancellationToken)"/>, in arrays.</summary>
    internal (float[] Network, float[] Decoded) Respond(ReadOnlySpan<float> inputs, CancellationToken cancellation)
    {
        Node input = _engine.Network.Input;
        Shape expected = _engine.Network.InputShape;
        int count = inputs.Length / expected.SampleCount;
        float[] values, image;
        using (PlanLoan loan = _engine.Rent(new PlanOptions { Observe = [.. new[] { _node.Name, _source.Name }.Distinct()], InputShapes = new Dictionary<string, Shape> { [input.Name] = expected.WithSamples(count) } }))
        {
            loan.Plan.SetInput(input, inputs);
            loan.Plan.Forward(cancellation);
            values = new float[loan.Plan.ShapeOf(_node).Count];
            image = new float[loan.Plan.ShapeOf(_source).Count];
            loan.Plan.Read(_node, values);
            loan.Plan.Read(_source, image);
        }

        var decoded = new float[count * Filters.Units.Count * Rows * Columns];
        using (PlanLoan loan = _filters.Rent(new PlanOptions { Batch = count }))
        {
            loan.Plan.SetInput(_bank.Input, Place(image, count));
            loan.Plan.Forward(cancellation);
            loan.Plan.Read(_bank.Output, decoded);
        }

        return (Select(values, count), decoded);
    }

    /// <summary>Equation 3 for each of so many images.</summary>
    internal static double[] Errors(ReadOnlySpan<float> network, ReadOnlySpan<float> decoded, int images)
    {
        var errors = new double[images];
        int size = network.Length / images;
        for (int n = 0; n < images; n++)
        {
            ReadOnlySpan<float> a = network.Slice(n * size, size), b = decoded.Slice(n * size, size);
            (double lowA, double scaleA) = Range(a);
            (double lowB, double scaleB) = Range(b);
            double sum = 0;
            for (int i = 0; i < size; i++)
            {
                double difference = (a[i] - lowA) * scaleA - (b[i] - lowB) * scaleB;
                sum += difference * difference;
            }

            errors[n] = sum / size;
        }

        return errors;
    }

    /// <summary>Responses of an image from 0 for the smallest to 1 for the largest: what equation 3 compares.</summary>
    internal static float[] Scaled(ReadOnlySpan<float> responses)
    {
        (double low, double scale) = Range(responses);
        var scaled = new float[responses.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = (float)((responses[i] - low) * scale);
        return scaled;
    }

    /// <summary>The smallest value and the inverse of the range; 0 where all are equal.</summary>
    static (double Low, double Scale) Range(ReadOnlySpan<float> values)
    {
        double low = TensorPrimitives.Min(values), range = TensorPrimitives.Max(values) - low;
        return (low, range > 0 ? 1 / range : 0);
    }

    /// <summary>Images on the pixels that the units see together, zeros around them.</summary>
    float[] Place(float[] image, int count)
    {
        var placed = new float[count * _canvas.SampleCount];
        for (int plane = 0; plane < count * _canvas.C; plane++)
        {
            for (int y = Math.Max(0, -_top); y < Math.Min(_canvas.H, _image.H - _top); y++)
            {
                int first = Math.Max(0, -_left), width = Math.Min(_canvas.W, _image.W - _left) - first;
                image.AsSpan((plane * _image.H + y + _top) * _image.W + first + _left, width).CopyTo(placed.AsSpan((plane * _canvas.H + y) * _canvas.W + first));
            }
        }

        return placed;
    }

    float[] Select(float[] values, int count)
    {
        int places = Rows * Columns, all = values.Length / (count * places);
        if (all == Filters.Units.Count && Filters.Units.Index().All(u => u.Index == u.Item))
            return values;
        var chosen = new float[count * Filters.Units.Count * places];
        for (int n = 0; n < count; n++)
            for (int i = 0; i < Filters.Units.Count; i++)
                values.AsSpan((n * all + Filters.Units[i]) * places, places).CopyTo(chosen.AsSpan((n * Filters.Units.Count + i) * places));
        return chosen;
    }
}
