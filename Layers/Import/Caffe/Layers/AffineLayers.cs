using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>BatchNorm, Scale and Bias: a factor and a summand per channel, or along other axes.</summary>
internal static class AffineLayers
{
    /// <summary>(x - mean) / sqrt(variance + eps), the statistics being sums that blob 2 is the weight of.</summary>
    public static void BatchNorm(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("batch_norm_param");
        if (!p.Flag("use_global_stats", true))
            throw new ShapeException("use_global_stats false makes samples depend on each other, which is not supported");
        Node x = layer.Input();
        int channels = layer.ShapeOf(x).C;
        WeightSource mean = layer.Weight(0, 0, channels), variance = layer.Weight(1, 1, channels);
        double weight = layer.Weight(2, 1, 1).ToArray()[0], factor = weight == 0 ? 0 : 1 / weight;
        layer.Finish(new BatchNormalisation
        {
            Scale = Same(channels, 1),
            Shift = Same(channels, 0),
            Mean = factor == 1 ? mean : new ScaledWeights(mean, [factor]),
            Variance = factor == 1 ? variance : new ScaledWeights(variance, [factor]),
            Epsilon = p.Number("eps", 1e-5f),
        }, x);
    }

    public static void Scale(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("scale_param");
        bool bias = p.Flag("bias_term", false);
        Read(layer, p, ArithmeticOperation.Mul, bias);
    }

    public static void Bias(CaffeLayer layer) => Read(layer, layer.Parameters("bias_param"), ArithmeticOperation.Add, false);

    static void Read(CaffeLayer layer, CaffeMessage p, ArithmeticOperation operation, bool bias)
    {
        Node x = layer.Input();
        Shape shape = layer.ShapeOf(x);
        int axis = Axes.Normalise(p.Integer("axis", 1), shape.Rank), count = p.Integer("num_axes", 1);
        if (layer.Bottoms.Length > 1)
        {
            if (bias)
                throw new ShapeException("a bias behind a factor from another layer is not supported");
            layer.Finish(new Arithmetic(operation), x, Aligned(layer, shape, axis));
            return;
        }

        count = count == -1 ? shape.Rank - axis : count;
        if (axis == 0 || count < 0 || count > shape.Rank - axis)
            throw new ShapeException($"its axis {axis} and num_axes {count} are not supported for {shape}: axes from 1 on are");
        int[] own = shape.ToArray()[axis..(axis + count)];
        if (axis == 1 && count == 1)
        {
            layer.Finish(operation == ArithmeticOperation.Mul
                ? PerChannel(layer.Weight(0, 1, own), bias ? layer.Weight(1, 0, own) : null, shape.C)
                : PerChannel(null, layer.Weight(0, 0, own), shape.C), x);
            return;
        }

        int[] aligned = [.. own, .. Enumerable.Repeat(1, shape.Rank - axis - count)];
        Node value = Constant(layer, "weight", layer.Weight(0, operation == ArithmeticOperation.Mul ? 1 : 0, own), aligned);
        if (!bias)
        {
            layer.Finish(new Arithmetic(operation), x, value);
            return;
        }

        Node scaled = layer.Step("scaled", new Arithmetic(operation), x, value);
        layer.Finish(new Arithmetic(ArithmeticOperation.Add), scaled, Constant(layer, "bias", layer.Weight(1, 0, own), aligned));
    }

    /// <summary>The second bottom, whose axes are those of the first from one on, with ones behind.</summary>
    static Node Aligned(CaffeLayer layer, Shape shape, int axis)
    {
        Node factor = layer.Input(1);
        int rank = layer.ShapeOf(factor).Rank;
        if (axis != 0 || rank > shape.Rank)
            throw new ShapeException($"a factor of {layer.ShapeOf(factor)} at axis {axis} of {shape} is not supported: values per sample (axis 0) are");
        if (rank == shape.Rank)
            return factor;
        return layer.Step("aligned", new Unsqueeze { AxisList = [.. Enumerable.Range(rank, shape.Rank - rank).Select(a => (long)a)] }, factor);
    }

    static Node Constant(CaffeLayer layer, string name, WeightSource weights, int[] extents) =>
        layer.Step(name, new Constant(new ReshapedWeights(weights, extents.Length == 0 ? [1] : extents)));

    static BatchNormalisation PerChannel(WeightSource? scale, WeightSource? shift, int channels) => new()
    {
        Scale = scale ?? Same(channels, 1),
        Shift = shift ?? Same(channels, 0),
        Mean = Same(channels, 0),
        Variance = Same(channels, 1),
        Epsilon = 0,
    };

    static MemoryWeights Same(int count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return new MemoryWeights(values, count);
    }
}
