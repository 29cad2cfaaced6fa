using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Topologies;

/// <summary>Puts a well-known network together layer by layer, with seeded random weights.</summary>
/// <remarks>
/// Weights are Gaussian with the deviation sqrt(2 / inputs of a unit) (He et al. 2015), which keeps activations in range through any depth of
/// rectified layers; biases are zero. Each array has a stream of its own, in the order of building: the same seed gives the same network.
/// </remarks>
internal sealed class TopologyBuilder
{
    readonly NetworkBuilder _builder = new();
    readonly Dictionary<Node, Shape> _shapes = [];
    readonly ulong _seed;
    ulong _stream;

    public TopologyBuilder(ulong seed, int channels, int height, int width)
    {
        _seed = seed;
        Input = _builder.Input("data", new Shape(1, channels, height, width), [true, false, true, true]);
        _shapes[Input] = new Shape(1, channels, height, width);
    }

    /// <summary>The input.</summary>
    public Node Input { get; }

    /// <summary>A convolution with a zero bias.</summary>
    public Node Convolution(Node x, string name, int filters, int kernel, int stride = 1, int pad = 0, int groups = 1, bool bias = true) => Add(name, new Convolution
    {
        Weight = Gaussian(filters, _shapes[x].C / groups, kernel, kernel),
        Bias = bias ? Zeros(filters) : null,
        Groups = groups,
        Sliding = new Window { Kernel = (kernel, kernel), Stride = (stride, stride), Pads = (pad, pad, pad, pad) },
    }, x);

    /// <summary>A convolution and its rectifier.</summary>
    public Node Rectified(Node x, string name, string relu, int filters, int kernel, int stride = 1, int pad = 0, int groups = 1) =>
        Relu(Convolution(x, name, filters, kernel, stride, pad, groups), relu);

    public Node Relu(Node x, string name) => Add(name, new Relu(), x);

    /// <summary>Max pooling; <paramref name="after"/> pads rows below and columns to the right (Caffe's ceil mode as imported by MatConvNet).</summary>
    public Node MaxPool(Node x, string name, int kernel, int stride, int pad = 0, int after = 0) => Add(name, new MaxPool
    {
        Sliding = new Window { Kernel = (kernel, kernel), Stride = (stride, stride), Pads = (pad, pad, pad + after, pad + after) },
    }, x);

    /// <summary>Local response normalisation in MatConvNet's terms: alpha is not divided by the size.</summary>
    public Node Normalise(Node x, string name, int size, float kappa, float alpha, float beta) =>
        Add(name, new LocalResponseNormalisation { Size = size, Kappa = kappa, Alpha = alpha * size, Beta = beta }, x);

    /// <summary>Batch normalisation with unit scale and variance and zero shift and mean.</summary>
    public Node BatchNormalise(Node x, string name)
    {
        int channels = _shapes[x].C;
        return Add(name, new BatchNormalisation { Scale = Ones(channels), Shift = Zeros(channels), Mean = Zeros(channels), Variance = Ones(channels) }, x);
    }

    /// <summary>A dense layer over all that a sample holds; flattens it first where it has rows and columns.</summary>
    public Node Dense(Node x, string name, int outputs)
    {
        Node flat = _shapes[x].Rank == 2 ? x : Add($"{name}_flat", new Flatten(), x);
        return Add(name, new Dense { Weight = Gaussian(outputs, _shapes[flat].C), Bias = Zeros(outputs), OutputMajor = true }, flat);
    }

    public Node Softmax(Node x, string name = "prob") => Add(name, new Softmax { Axis = 1 }, x);

    public Node Add(string name, Layer layer, params ReadOnlySpan<Node> inputs)
    {
        Node node = _builder.Add(name, layer, inputs);
        var values = new NodeValue[inputs.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = new NodeValue(_shapes[inputs[i]], null, true);
        _shapes[node] = layer.Infer(new LayerInputs(values));
        return node;
    }

    public Network Build(Node output)
    {
        _builder.Output(output);
        return _builder.Build();
    }

    SeededWeights Gaussian(params ReadOnlySpan<int> extents)
    {
        long inputs = 1;
        foreach (int extent in extents[1..])
            inputs *= extent;
        return new SeededWeights(_seed, _stream++, Distribution.Gaussian(Math.Sqrt(2.0 / inputs)), extents);
    }

    static MemoryWeights Zeros(int count) => new(new float[count], count);

    static MemoryWeights Ones(int count)
    {
        var values = new float[count];
        Array.Fill(values, 1);
        return new MemoryWeights(values, count);
    }
}
