using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>InnerProduct and Softmax.</summary>
internal static class DenseLayers
{
    /// <summary>A dense layer over all axes from one on, in the order channel, row, column.</summary>
    public static void InnerProduct(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("inner_product_param");
        Node x = layer.Input();
        Shape shape = layer.ShapeOf(x);
        int axis = Axes.Normalise(p.Integer("axis", 1), shape.Rank), outputs = p.Integer("num_output", 0);
        if (outputs < 1)
            throw new ShapeException($"its num_output {outputs} must be at least 1");
        if (axis != 1 && axis != shape.Rank - 1)
            throw new ShapeException($"its axis {axis} of {shape} is not supported: 1 and the last are");
        if (axis == 1 && shape.Rank > 2)
        {
            x = layer.Step("flat", new Flatten(), x);
            shape = layer.ShapeOf(x);
        }

        int inputs = shape[shape.Rank - 1];
        bool transposed = p.Flag("transpose", false);
        layer.Finish(new Dense
        {
            Weight = transposed ? layer.Weight(0, null, inputs, outputs) : layer.Weight(0, null, outputs, inputs),
            Bias = p.Flag("bias_term", true) ? layer.Weight(1, 0, outputs) : null,
            OutputMajor = !transposed,
        }, x);
    }

    public static void Softmax(CaffeLayer layer) =>
        layer.Finish(new Softmax { Axis = layer.Parameters("softmax_param").Integer("axis", 1) }, layer.Input());
}
