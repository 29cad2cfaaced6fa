using Preimage.Cpu;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The two directions of a dense layer, y = alpha * x W + beta * b and its adjoint; where the matrix is, and how it is multiplied by, is the operator's own.</summary>
internal abstract unsafe class CpuDenseProduct(Execution execution, DenseSpecification specification) : CpuOperator(execution)
{
    /// <summary>The layer.</summary>
    protected DenseSpecification Specification => specification;

    /// <summary>One value per output, multiplied by beta; null where there is none.</summary>
    protected float* Bias { get; init; }

    public sealed override void Forward(in ForwardCall call) => Multiply(
        PassDirection.Forward, call.Output.Shape.Count / specification.Outputs, specification.Outputs, specification.Inputs,
        call.Inputs[0].Floats, call.Output.Floats, Bias, call.Scratch);

    public sealed override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        Multiply(PassDirection.Backward, call.Signal.Shape.Count / specification.Outputs, specification.Inputs, specification.Outputs,
            call.Signal.Floats, call.InputSignals[0].Floats, null, call.Scratch);
    }

    /// <summary>Whether a direction's sums run along the axis in which the weights lie together.</summary>
    protected bool SumsAlong(PassDirection direction) => direction == PassDirection.Forward == specification.OutputMajor;

    /// <summary>y[m][n] = alpha * x[m][k] times the matrix as the direction reads it, plus bias where there is one.</summary>
    protected abstract void Multiply(PassDirection direction, int m, int n, int k, float* x, float* y, float* bias, nint scratch);
}
