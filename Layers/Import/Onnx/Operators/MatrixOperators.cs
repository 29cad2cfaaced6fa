using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx.Operators;

/// <summary>Matrix products.</summary>
internal static class MatrixOperators
{
    public static void MatMul(OnnxNode n)
    {
        GraphValue b = n.Input(1);
        if (b.Weights is { Extents.Count: 2 } weights && !n.Input(0).IsConstant)
        {
            // x * transpose(W) is a dense layer over W as it is stored.
            n.Emit(weights is TransposedWeights { IsMatrixTranspose: true } transposed
                ? new Dense { Weight = transposed.Source, OutputMajor = true }
                : new Dense { Weight = weights }, n.Input(0));
        }
        else
        {
            n.Emit(new MatrixProduct(), n.Input(0), b);
        }
    }

    public static void Gemm(OnnxNode n)
    {
        float alpha = n.Attributes.Float("alpha") ?? 1, beta = n.Attributes.Float("beta") ?? 1;
        bool transposeB = n.Attributes.Int("transB", 0) != 0;
        GraphValue a = n.Input(0), b = n.Input(1);
        GraphValue? c = n.OptionalInput(2);
        if (n.ShapeOf(0).Rank != 2 || n.ShapeOf(1).Rank != 2)
            throw new ShapeException($"matrices have rank 2, not {n.ShapeOf(0)} and {n.ShapeOf(1)}");
        if (n.Attributes.Int("transA", 0) != 0)
            a = n.EmitBetween("transposeA", new Transpose { Permutation = [1, 0] }, a);

        if (b.Weights is { } weights && !a.IsConstant)
        {
            int outputs = weights.Extents[transposeB ? 0 : 1];
            bool isBias = c?.Weights is { } values && values.Count == outputs && values.Extents.Count > 0 && values.Extents[^1] == outputs;
            var dense = new Dense
            {
                Weight = weights,
                OutputMajor = transposeB,
                Alpha = alpha,
                Beta = isBias ? beta : 1,
                Bias = isBias ? c!.Weights!.Extents.Count == 1 ? c.Weights : new ReshapedWeights(c.Weights, [outputs]) : null,
            };
            if (c is null || isBias)
                n.Emit(dense, a);
            else
                n.Emit(new Arithmetic(ArithmeticOperation.Add), n.EmitBetween("product", dense, a), Scaled(n, c, beta, "beta"));
            return;
        }

        if (transposeB)
            b = n.EmitBetween("transposeB", new Transpose { Permutation = [1, 0] }, b);
        if (c is null && alpha == 1)
        {
            n.Emit(new MatrixProduct(), a, b);
            return;
        }

        GraphValue product = n.EmitBetween("product", new MatrixProduct(), a, b);
        if (c is null)
            n.Emit(new Arithmetic(ArithmeticOperation.Mul), product, Scalar(n, "alpha", alpha));
        else
            n.Emit(new Arithmetic(ArithmeticOperation.Add), Scaled(n, product, alpha, "alpha"), Scaled(n, c, beta, "beta"));
    }

    static GraphValue Scaled(OnnxNode n, GraphValue value, float factor, string name) => factor == 1
        ? value
        : n.EmitBetween($"times_{name}", new Arithmetic(ArithmeticOperation.Mul), value, Scalar(n, name, factor));

    static GraphValue Scalar(OnnxNode n, string name, float value) => GraphValue.Of($"{n.Name}/{name}", new MemoryWeights([value], 1));
}
