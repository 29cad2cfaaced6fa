using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Export;

/// <summary>Dense layers: Gemm on matrices, MatMul and what surrounds it on arrays of higher rank.</summary>
internal static class DenseWriter
{
    public static void Write(GraphWriter w, Node n, Dense layer)
    {
        bool plain = layer is { Bias: null, Alpha: 1 };
        if (plain && !layer.OutputMajor)
        {
            w.Add(n, "MatMul", w.Input(n), w.Weight(n, "weight", layer.Weight));
        }
        else if (w.ShapeOf(n).Rank == 2)
        {
            string bias = layer.Bias is null ? "" : w.Weight(n, "bias", layer.Bias);
            w.Add(n, "Gemm", w.Input(n), w.Weight(n, "weight", layer.Weight), bias)
                .With("alpha", layer.Alpha).With("beta", layer.Beta).With("transB", layer.OutputMajor ? 1 : 0);
        }
        else
        {
            WriteInSteps(w, n, layer);
        }
    }

    static void WriteInSteps(GraphWriter w, Node n, Dense layer)
    {
        WeightSource matrix = layer.OutputMajor ? new TransposedWeights(layer.Weight, [1, 0]) : layer.Weight;
        var steps = new List<(string Role, string Operator, string Operand)> { ("product", "MatMul", w.Weight(n, "weight", matrix)) };
        if (layer.Alpha != 1)
            steps.Add(("scaled", "Mul", w.Weight(n, "alpha", new MemoryWeights([layer.Alpha], 1))));
        if (layer.Bias is not null)
        {
            float[] bias = [.. layer.Bias.ToArray().Select(b => b * layer.Beta)];
            steps.Add(("shifted", "Add", w.Weight(n, "bias", layer.Beta == 1 ? layer.Bias : new MemoryWeights(bias, bias.Length))));
        }

        string value = w.Input(n);
        foreach ((string role, string op, string operand) in steps.SkipLast(1))
            value = w.AddBetween(n, role, op, null, value, operand);
        w.Add(n, steps[^1].Operator, value, steps[^1].Operand);
    }
}
