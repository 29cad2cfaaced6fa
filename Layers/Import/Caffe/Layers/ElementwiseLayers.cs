using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>Functions of one value at a time.</summary>
internal static class ElementwiseLayers
{
    public static void Relu(CaffeLayer layer)
    {
        float slope = layer.Parameters("relu_param").Number("negative_slope", 0);
        layer.Finish(slope == 0 ? new Relu() : new LeakyRelu(slope), layer.Input());
    }

    public static void PRelu(CaffeLayer layer)
    {
        Node x = layer.Input();
        Shape shape = layer.ShapeOf(x);
        bool shared = layer.Parameters("prelu_param").Flag("channel_shared", false);
        int count = shared ? 1 : shape.C;
        // Untrained slopes are 1/4, as in He et al. 2015.
        WeightSource slope = layer.Weight(0, 0.25f, count);
        int[] extents = [count, .. Enumerable.Repeat(1, Math.Max(shape.Rank - 2, 0))];
        layer.Finish(new ParametricRelu { Slope = new ReshapedWeights(slope, extents) }, x);
    }

    public static void Sigmoid(CaffeLayer layer) => layer.Finish(new Sigmoid(), layer.Input());

    public static void Tanh(CaffeLayer layer) => layer.Finish(new Tanh(), layer.Input());

    /// <summary>Nothing is dropped when a network is used.</summary>
    public static void Dropout(CaffeLayer layer) => layer.Finish(new Identity("Dropout"), layer.Input());

    /// <summary>(shift + scale * x)^power for the powers 1 and 2.</summary>
    public static void Power(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("power_param");
        float power = p.Number("power", 1), scale = p.Number("scale", 1), shift = p.Number("shift", 0);
        if (power is not (1 or 2))
            throw new ShapeException($"its power {power} is not supported: 1 and 2 are");
        Node x = layer.Input();
        if (scale != 1)
            x = layer.Step("scaled", new Arithmetic(ArithmeticOperation.Mul), x, Number(layer, "scale", scale));
        if (shift != 0)
            x = layer.Step("shifted", new Arithmetic(ArithmeticOperation.Add), x, Number(layer, "shift", shift));
        if (power == 2)
            layer.Finish(new Arithmetic(ArithmeticOperation.Mul), x, x);
        else
            layer.Finish(new Identity(), x);
    }

    /// <summary>A node that holds one number.</summary>
    public static Node Number(CaffeLayer layer, string name, float value) => layer.Step(name, new Constant(new MemoryWeights([value], 1)));
}
