using Preimage.Cpu;
using Preimage.Cpu.Draws;
using Preimage.Cpu.Gemm;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A dense layer whose random weights are too many to keep: both directions draw them again, a piece that fits the caches at a time.</summary>
/// <remarks>The bits are those of <see cref="CpuDense"/> with the same weights in memory; it has no gradients of weights that are nowhere. The direction that sums across
/// rows leaves out those whose signal is zero in every sample, but for the sign of a sum that no term changes from zero.</remarks>
internal sealed unsafe class CpuDrawnDense : CpuOperator
{
    readonly DenseSpecification _specification;
    readonly DrawnArray _weights;
    readonly float* _bias;

    public CpuDrawnDense(Execution execution, in DenseSpecification specification, WeightSource weights, in DrawnArray drawn, WeightSource? bias) : base(execution)
    {
        GeometryChecks.Dense(specification, weights, bias);
        _specification = specification;
        _weights = drawn;
        if (bias is null)
            return;
        float[] values = bias.ToArray();
        for (int i = 0; specification.Beta != 1 && i < values.Length; i++)
            values[i] *= specification.Beta;
        _bias = Vector(new MemoryWeights(values, values.Length));
    }

    public override string Algorithm => "Drawn";

    public override long ScratchBytes(int rows, PassDirection direction) =>
        SumsAlong(direction) ? DotProduct.DrawnScratchBytes(Execution) : DrawnProduct.ScratchBytes(Execution);

    public override void Forward(in ForwardCall call)
    {
        (int inputs, int outputs) = (_specification.Inputs, _specification.Outputs);
        Multiply(PassDirection.Forward, call.Output.Shape.Count / outputs, outputs, inputs, call.Inputs[0].Floats, call.Output.Floats, _bias, call.Scratch);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        (int inputs, int outputs) = (_specification.Inputs, _specification.Outputs);
        Multiply(PassDirection.Backward, call.Signal.Shape.Count / outputs, inputs, outputs, call.Signal.Floats, call.InputSignals[0].Floats, null, call.Scratch);
    }

    bool SumsAlong(PassDirection direction) => direction == PassDirection.Forward == _specification.OutputMajor;

    void Multiply(PassDirection direction, int m, int n, int k, float* x, float* y, float* bias, nint scratch)
    {
        if (SumsAlong(direction))
            DotProduct.Run(Execution, m, n, k, x, _weights, y, _specification.Alpha, bias, scratch);
        else
            DrawnProduct.Run(Execution, m, n, k, x, _weights, y, _specification.Alpha, bias, scratch);
    }
}
