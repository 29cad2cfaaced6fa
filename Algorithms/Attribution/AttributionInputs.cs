using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution;

/// <summary>The values a network's inputs are explained at, checked and copied once.</summary>
internal sealed class AttributionInputs
{
    readonly Dictionary<Node, float[]> _values = [];
    readonly Dictionary<Node, Shape> _shapes = [];

    /// <summary>Takes NCHW values by the name of the input.</summary>
    /// <exception cref="PreimageException">An input is missing or not there, does not fit the network, or they differ in their number of samples.</exception>
    public AttributionInputs(Network network, IReadOnlyDictionary<string, Tensor<float>> tensors)
    {
        foreach (string name in tensors.Keys)
            _ = network.Inputs[name];
        foreach (Node input in network.Inputs)
        {
            if (!tensors.TryGetValue(input.Name, out Tensor<float>? tensor) && !tensors.TryGetValue(input.Output, out tensor))
                throw new PreimageException($"input '{input.Name}' is missing");
            _shapes[input] = InputShape(input, tensor);
            var values = new float[tensor.FlattenedLength];
            tensor.FlattenTo(values);
            _values[input] = values;
        }

        int[] counts = [.. _shapes.Values.Select(s => s.N).Distinct()];
        if (counts.Length != 1 && !network.MixesSamples)
            throw new PreimageException($"the inputs have different numbers of samples: {string.Join(", ", counts)}");
        Samples = counts[0];
    }

    AttributionInputs(int samples) => Samples = samples;

    /// <summary>Other samples for the same inputs.</summary>
    /// <param name="samples">How many.</param>
    /// <param name="fill">Sets the values of a sample, which are the old one's before.</param>
    /// <param name="from">The sample they start from.</param>
    public AttributionInputs Copies(int samples, int from, Action<int, Node, Span<float>> fill)
    {
        var copies = new AttributionInputs(samples);
        foreach (Node input in Nodes)
        {
            ReadOnlySpan<float> own = Sample(input, from);
            var values = new float[checked(samples * own.Length)];
            for (int n = 0; n < samples; n++)
            {
                own.CopyTo(values.AsSpan(n * own.Length));
                fill(n, input, values.AsSpan(n * own.Length, own.Length));
            }

            copies._values[input] = values;
            copies._shapes[input] = _shapes[input].WithSamples(samples);
        }

        return copies;
    }

    /// <summary>N.</summary>
    public int Samples { get; }

    /// <summary>The inputs.</summary>
    public IReadOnlyCollection<Node> Nodes => _values.Keys;

    /// <summary>The shapes, N samples each.</summary>
    public IReadOnlyDictionary<Node, Shape> Shapes => _shapes;

    /// <summary>All values of an input.</summary>
    public float[] this[Node input] => _values[input];

    /// <summary>The values of one sample.</summary>
    public ReadOnlySpan<float> Sample(Node input, int sample)
    {
        int size = _values[input].Length / Samples;
        return _values[input].AsSpan(sample * size, size);
    }

    /// <summary>The shape a tensor has as an input: its own, or with a leading axis where only that is missing.</summary>
    static Shape InputShape(Node input, Tensor<float> tensor)
    {
        Shape declared = ((Input)input.Layer).Shape;
        int[] extents = [.. tensor.Lengths.ToArray().Select(l => checked((int)l))];
        if (extents.Length == declared.Rank - 1)
            extents = [1, .. extents];
        return extents.Length == declared.Rank
            ? new Shape(extents)
            : throw new ShapeException($"input '{input.Name}' is {input.Layer}, the values given are {string.Join('x', extents)}");
    }
}
