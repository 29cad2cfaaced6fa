using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Kinds;

/// <summary>A dense (fully connected) layer: y = alpha * x W + beta * b over the innermost axis.</summary>
public sealed class Dense : Layer
{
    /// <inheritdoc/>
    public override string Operator => OutputMajor ? "Gemm" : "MatMul";

    /// <summary>The matrix, [out][in] where <see cref="OutputMajor"/>, else [in][out].</summary>
    public required WeightSource Weight { get; init; }

    /// <summary>One value per output, or null.</summary>
    public WeightSource? Bias { get; init; }

    /// <summary>Whether a row of the matrix belongs to an output (Gemm with transB, PyTorch) rather than to an input.</summary>
    public bool OutputMajor { get; init; }

    /// <summary>Factor of the product.</summary>
    public float Alpha { get; init; } = 1;

    /// <summary>Factor of the bias.</summary>
    public float Beta { get; init; } = 1;

    /// <summary>Length of the input vector.</summary>
    public int Inputs => Weight.Extents[OutputMajor ? 1 : 0];

    /// <summary>Length of the output vector.</summary>
    public int Outputs => Weight.Extents[OutputMajor ? 0 : 1];

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, WeightSource>> Weights =>
        Bias is null ? [new("weight", Weight)] : [new("weight", Weight), new("bias", Bias)];

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        if (Weight.Extents.Count != 2)
            throw new ShapeException($"a dense layer's weights are a matrix, not {string.Join('x', Weight.Extents)}");
        int length = x[x.Rank - 1];
        if (x.Rank < 2 || length != Inputs)
            throw new ShapeException($"an input of {x} does not fit weights for {Inputs} inputs and {Outputs} outputs");
        SpatialShapes.RequireCount(Bias, Outputs, "bias");
        int[] extents = x.ToArray();
        extents[^1] = Outputs;
        return new Shape(extents);
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateDense(new DenseSpecification(Inputs, Outputs, OutputMajor, Alpha, Beta), Weight, Bias);

    internal override long MultiplyAdds(in LayerInputs inputs, Shape output) => (long)output.Count * Inputs;

    internal override Layer WithWeights(Func<float, float> transform) => new Dense
    {
        Weight = Transformed(Weight, transform), Bias = Bias, OutputMajor = OutputMajor, Alpha = Alpha, Beta = Beta,
    };
}
