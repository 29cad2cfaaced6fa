using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.Caffe.Layers;

/// <summary>Eltwise: the sum with coefficients, the product, or the maximum of several values of one shape.</summary>
internal static class EltwiseLayer
{
    public static void Read(CaffeLayer layer)
    {
        CaffeMessage p = layer.Parameters("eltwise_param");
        var inputs = new Node[layer.Bottoms.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = layer.Input(i);
        if (inputs.Length < 2)
            throw new ShapeException($"it has {inputs.Length} bottoms and needs at least 2");
        foreach (Node input in inputs)
        {
            if (layer.ShapeOf(input) != layer.ShapeOf(inputs[0]))
                throw new ShapeException($"its bottoms differ: {layer.ShapeOf(inputs[0])} and {layer.ShapeOf(input)}");
        }

        int operation = p.Integer("operation", 1);
        float[] factors = [.. p.Numbers("coeff").Select(c => (float)c)];
        if (factors.Length > 0 && (operation != 1 || factors.Length != inputs.Length))
            throw new ShapeException($"{factors.Length} coefficients do not fit {(operation == 1 ? "a sum" : "this operation")} of {inputs.Length} bottoms");
        if (operation == 2)
            Maximum(layer, inputs);
        else if (operation is 0 or 1)
            Chain(layer, operation == 0 ? ArithmeticOperation.Mul : ArithmeticOperation.Add, Scaled(layer, inputs, factors));
        else
            throw new ShapeException($"its operation {operation} is not supported: PROD, SUM and MAX are");
    }

    static Node[] Scaled(CaffeLayer layer, Node[] inputs, float[] factors)
    {
        for (int i = 0; i < factors.Length; i++)
        {
            if (factors[i] != 1)
                inputs[i] = layer.Step($"scaled {i}", new Arithmetic(ArithmeticOperation.Mul), inputs[i], ElementwiseLayers.Number(layer, $"coeff {i}", factors[i]));
        }

        return inputs;
    }

    static void Chain(CaffeLayer layer, ArithmeticOperation operation, Node[] inputs)
    {
        Node joined = inputs[0];
        for (int i = 1; i < inputs.Length - 1; i++)
            joined = layer.Step($"of {i + 1}", new Arithmetic(operation), joined, inputs[i]);
        layer.Finish(new Arithmetic(operation), joined, inputs[^1]);
    }

    /// <summary>Each value becomes one row; of the rows above each other the largest is pooled. Exact, and the first of equal values gets the gradient.</summary>
    static void Maximum(CaffeLayer layer, Node[] inputs)
    {
        var rows = new Node[inputs.Length];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = layer.Step($"row {i}", new Reshape { Extents = [0, 1, 1, -1] }, inputs[i]);
        Node stacked = layer.Step("rows", new Concat(2), rows);
        Node largest = layer.Step("largest", new MaxPool { Sliding = new Window { Kernel = (rows.Length, 1) } }, stacked);
        Node shape = layer.Step("shape", new HostShape(), inputs[0]);
        layer.Finish(new Reshape(), largest, shape);
    }
}
