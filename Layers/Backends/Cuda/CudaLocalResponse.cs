using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Local response normalisation; its way back computes the sums of squares again rather than keeping them.</summary>
internal sealed class CudaLocalResponse : CudaOperator
{
    readonly LrnSpecification _s;

    public CudaLocalResponse(in LrnSpecification specification)
    {
        GeometryChecks.LocalResponse(specification);
        _s = specification;
    }

    public override Needs NeedsFor(BackwardRule rule) => rule.Lrn == LrnRule.Derivative ? Needs.Input : Needs.None;

    /// <summary>Of the way back: a power and a term per element.</summary>
    public override long ScratchBytes(int rows, PassDirection direction) => direction == PassDirection.Backward ? 2 * ArrayBytes(rows) : 0;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        long elements = call.Output.Shape.Count;
        LrnKernels.LrnForward(q.Kernels, q.Stream, LaunchShape.Over(elements), call.Inputs[0].Address, call.Output.Address, elements, _s.Channels, _s.Plane,
            _s.Size, _s.Kappa, _s.Alpha, _s.Beta);
    }

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        if (call.Rule.Lrn == LrnRule.Identity)
        {
            Pass(call.Queue, call.Signal, result);
            return;
        }

        CudaQueue q = call.Queue.Cuda;
        long elements = result.Shape.Count;
        nint x = call.Inputs[0].Address, powers = call.Scratch, terms = call.Scratch + (nint)ArrayBytes(call.Signal.Shape.N);
        LrnKernels.LrnBackwardTerms(q.Kernels, q.Stream, LaunchShape.Over(elements), x, call.Signal.Address, powers, terms, elements, call.Seeds, _s.Channels,
            _s.Plane, _s.Size, _s.Kappa, _s.Alpha, _s.Beta);
        LrnKernels.LrnBackward(q.Kernels, q.Stream, LaunchShape.Over(elements), x, call.Signal.Address, powers, terms, result.Address, elements, call.Seeds,
            _s.Channels, _s.Plane, _s.Size, _s.Alpha, _s.Beta);
    }

    long ArrayBytes(int rows) => CudaBackend.RoundUp((long)rows * _s.Channels * _s.Plane * sizeof(float));
}
