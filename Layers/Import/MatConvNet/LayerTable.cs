using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>The layer types of MatConvNet, and what each becomes (spec sections 1 and 2.2).</summary>
internal sealed class LayerTable(ImportedGraph graph)
{
    static readonly HashSet<string> s_single = ["conv", "convt", "pool", "relu", "lrn", "softmax", "bnorm"];
    // Nothing is left of these when a network is used rather than trained.
    static readonly HashSet<string> s_dropped = ["dropout", "softmaxloss", "loss"];

    readonly StoredWeights _weights = new();

    /// <summary>Whether a layer of this type does nothing outside training.</summary>
    public static bool IsDropped(string type) => s_dropped.Contains(type);

    /// <summary>Whether a layer of this type gives a loss, not a value of the network.</summary>
    public static bool IsLoss(string type) => type is "softmaxloss" or "loss";

    /// <summary>Adds what a layer becomes; the node has the layer's name.</summary>
    /// <exception cref="ModelException">The layer is not read, or does not fit its inputs.</exception>
    public Node Add(LayerRecord layer, params ReadOnlySpan<Node> inputs)
    {
        if (s_single.Contains(layer.Type) && inputs.Length != 1)
            throw layer.Refused($"it has {inputs.Length} inputs: 1 is expected");
        if (inputs.IsEmpty)
            throw layer.Refused("it has no input");
        return layer.Type switch
        {
            "conv" => Convolve(layer, inputs[0]),
            "convt" => Spread(layer, inputs[0]),
            "pool" => Pool(layer, inputs[0]),
            "relu" => graph.Add(layer, layer.Number("leak", 0) is not 0 and var leak ? new LeakyRelu((float)leak) : new Relu(), inputs[0]),
            "lrn" => Normalise(layer, inputs[0]),
            "softmax" => graph.Add(layer, new Softmax { Axis = 1 }, inputs[0]),
            "bnorm" => BatchNormalise(layer, inputs[0]),
            "concat" => Join(layer, inputs),
            "sum" => Sum(layer, inputs),
            _ => throw new UnsupportedOperatorException(layer.Name, layer.Type,
                "layers of this type are not read; conv, convt, pool, relu, normalize, lrn, softmax, bnorm, concat and sum are, dropout and losses are left out"),
        };
    }

    Node Convolve(LayerRecord layer, Node x)
    {
        MemoryWeights filters = _weights.Filters(layer, 0);
        MemoryWeights? bias = _weights.Vector(layer, 1, "biases");
        (int k, int depth, int h, int w) = (filters.Extents[0], filters.Extents[1], filters.Extents[2], filters.Extents[3]);
        var window = new Window
        {
            Kernel = (h, w), Stride = layer.Pair("stride") ?? (1, 1), Dilation = layer.Pair("dilate") ?? (1, 1), Pads = layer.Sides("pad"),
        };
        // Filters that cover the whole plane are a dense layer: its kernels read a matrix of weights once for the whole batch.
        Shape shape = graph.ShapeOf(x);
        if (shape.C == depth && shape.H == h && shape.W == w && window.Pads == default)
        {
            Node flat = shape.Rank == 2 ? x : graph.Add(layer, $"{layer.Name}_flat", new Flatten(), x);
            return graph.Add(layer, new Dense { Weight = new ReshapedWeights(filters, [k, depth * h * w]), Bias = bias, OutputMajor = true }, flat);
        }

        return graph.Add(layer, new Convolution { Weight = filters, Bias = bias, Sliding = window, Groups = depth > 0 ? Math.Max(shape.C / depth, 1) : 1 }, graph.Plane(layer, x));
    }

    Node Spread(LayerRecord layer, Node x)
    {
        // Stored as the filters of the convolution whose adjoint this is: h x w x outputs/groups x inputs.
        MemoryWeights filters = _weights.Filters(layer, 0);
        return graph.Add(layer, new TransposedConvolution
        {
            Weight = filters, Bias = _weights.Vector(layer, 1, "biases"), Groups = layer.Whole(layer.Number("numGroups", 1), "numGroups"),
            Sliding = new Window { Kernel = (filters.Extents[2], filters.Extents[3]), Stride = layer.Pair("upsample") ?? (1, 1), Pads = layer.Sides("crop") },
        }, graph.Plane(layer, x));
    }

    Node Pool(LayerRecord layer, Node x)
    {
        (int Y, int X) kernel = layer.Pair("pool", "poolSize") ?? throw layer.Refused("it has no field 'pool'");
        var window = new Window { Kernel = kernel, Stride = layer.Pair("stride") ?? (1, 1), Pads = layer.Sides("pad") };
        // Else a window could lie outside the plane altogether: a maximum or mean of nothing.
        if (Math.Max(window.Pads.Top, window.Pads.Bottom) >= kernel.Y || Math.Max(window.Pads.Left, window.Pads.Right) >= kernel.X)
            throw layer.Refused($"padding {window.Pads} must be smaller than the {kernel.Y}x{kernel.X} window");
        return graph.Add(layer, layer.Text("method", "max") switch
        {
            "max" => new MaxPool { Sliding = window },
            "avg" => new AveragePool { Sliding = window },
            var other => throw layer.Refused($"its method is '{other}': max and avg are read"),
        }, graph.Plane(layer, x));
    }

    Node Normalise(LayerRecord layer, Node x)
    {
        double[] p = layer.Numbers("param") ?? [5, 1, 2e-5, 0.75];
        if (p.Length != 4)
            throw layer.Refused($"field 'param' has {p.Length} numbers: size, kappa, alpha and beta are expected");
        int size = layer.Whole(p[0], "param");
        return graph.Add(layer, new LocalResponseNormalisation { Size = size, Kappa = (float)p[1], Alpha = (float)p[2] * size, Beta = (float)p[3] }, graph.Plane(layer, x));
    }

    Node BatchNormalise(LayerRecord layer, Node x)
    {
        if (layer.Weights.Count < 3)
            throw layer.Refused("it has no stored moments: save the network after training");
        (float[] mean, float[] deviation) = StoredWeights.Columns(layer, 2, "moments");
        if (deviation.Any(d => !(d > 0) || !float.IsFinite(d * d)))
            throw layer.Refused("its moments have a deviation that is not above 0");
        // The stored deviation has epsilon in it already.
        return graph.Add(layer, new BatchNormalisation
        {
            Scale = Required(layer, 0, "factors"), Shift = Required(layer, 1, "summands"), Mean = new MemoryWeights(mean, mean.Length),
            Variance = new MemoryWeights(Array.ConvertAll(deviation, d => d * d), deviation.Length), Epsilon = 0,
        }, graph.Plane(layer, x));
    }

    Node Join(LayerRecord layer, ReadOnlySpan<Node> inputs)
    {
        // MATLAB's dimensions are rows, columns, channels, samples.
        int axis = layer.Number("dim", 3) switch
        {
            1 => 2,
            2 => 3,
            3 => 1,
            var dim => throw layer.Refused($"it joins along dimension {dim}: 1 to 3 are read"),
        };
        return graph.Add(layer, new Concat(axis), Alike(layer, inputs, axis != 1));
    }

    Node Sum(LayerRecord layer, ReadOnlySpan<Node> inputs)
    {
        Node[] terms = Alike(layer, inputs, false);
        if (terms.Any(t => graph.ShapeOf(t) != graph.ShapeOf(terms[0])))
            throw layer.Refused($"its inputs differ in shape: {string.Join(", ", terms.Select(graph.ShapeOf))}");
        Node sum = terms[0];
        for (int i = 1; i < terms.Length; i++)
            sum = graph.Add(layer, i == terms.Length - 1 ? layer.Name : $"{layer.Name}_{i}", new Arithmetic(ArithmeticOperation.Add), sum, terms[i]);
        return terms.Length > 1 ? sum : graph.Add(layer, new Identity(), sum);
    }

    /// <summary>Inputs of one rank: with rows and columns if any has them, or if they are needed.</summary>
    Node[] Alike(LayerRecord layer, ReadOnlySpan<Node> inputs, bool planes)
    {
        Node[] all = inputs.ToArray();
        return planes || all.Any(x => graph.ShapeOf(x).Rank == 4) ? Array.ConvertAll(all, x => graph.Plane(layer, x)) : all;
    }

    MemoryWeights Required(LayerRecord layer, int index, string what) => _weights.Vector(layer, index, what) ?? throw layer.Refused($"it has no {what}");
}
