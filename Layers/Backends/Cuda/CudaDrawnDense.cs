using Preimage.Cpu.Draws;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A dense layer whose random weights are too many to keep: both directions draw them again in registers, with the bits of the processor.</summary>
internal sealed class CudaDrawnDense : CudaOperator
{
    readonly DenseSpecification _s;
    readonly DrawnArray _weights;
    readonly nint _bias;

    public CudaDrawnDense(Owned owned, DeviceConstants constants, in DenseSpecification specification, WeightSource weights, in DrawnArray drawn, WeightSource? bias)
        : base(owned)
    {
        GeometryChecks.Dense(specification, weights, bias);
        _s = specification;
        _weights = drawn;
        if (bias is null)
            return;
        float[] values = bias.ToArray();
        for (int i = 0; specification.Beta != 1 && i < values.Length; i++)
            values[i] *= specification.Beta;
        _bias = owned.Own(constants.Upload<float>(values)).Handle;
    }

    public override string Algorithm => "Drawn";

    public override void Forward(in ForwardCall call) => Multiply(call.Queue.Cuda, _s.OutputMajor, call.Output.Shape.Count / _s.Outputs, _s.Outputs, _s.Inputs,
        call.Inputs[0].Address, call.Output.Address, _bias);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
        {
            Multiply(call.Queue.Cuda, !_s.OutputMajor, call.Signal.Shape.Count / _s.Outputs, _s.Inputs, _s.Outputs, call.Signal.Address,
                call.InputSignals[0].Address, 0);
        }
    }

    // along: whether the sums run along the rows of the weights as they lie.
    void Multiply(CudaQueue q, bool along, int m, int n, int k, nint x, nint y, nint bias)
    {
        DrawRule rule = _weights.Rule;
        (long seed, long stream) = ((long)_weights.Seed, (long)_weights.Stream);
        if (along)
            DrawsKernels.DrawnAlong(q.Kernels, q.Stream, LaunchShape.Over(n, 32), x, bias, y, m, n, k, _s.Alpha, seed, stream, rule.Scale, rule.Factor, rule.Summand);
        else
        {
            DrawsKernels.DrawnAcross(q.Kernels, q.Stream, LaunchShape.Over((n + 3) / 4, 64), x, bias, y, m, n, k, _s.Alpha, seed, stream, rule.Scale, rule.Factor,
                rule.Summand);
        }
    }
}
