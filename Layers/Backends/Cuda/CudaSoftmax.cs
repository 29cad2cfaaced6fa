using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Softmax or its logarithm; the way back is the true derivative under every rule.</summary>
internal sealed class CudaSoftmax : CudaOperator
{
    readonly SoftmaxSpecification _s;

    public CudaSoftmax(in SoftmaxSpecification specification)
    {
        GeometryChecks.Softmax(specification);
        _s = specification;
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Output;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        SoftmaxKernels.SoftmaxForward(q.Kernels, q.Stream, CudaCalls.Lines((long)_s.Outer * _s.Inner), call.Inputs[0].Address, call.Output.Address, _s.Outer,
            _s.Extent, _s.Inner, _s.Logarithm ? 1 : 0);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        // With one seed the samples do not matter, and an axis that mixes them is fine.
        int samples = call.Signal.Shape.N / call.Seeds;
        if (call.Seeds > 1 && _s.Outer % samples != 0)
            GeometryChecks.RequireOneSeed(call, "a softmax over the batch");
        int rows = call.Seeds == 1 ? _s.Outer : call.Signal.Shape.N, outer = call.Seeds == 1 ? 1 : _s.Outer / samples;
        CudaQueue q = call.Queue.Cuda;
        SoftmaxKernels.SoftmaxBackward(q.Kernels, q.Stream, CudaCalls.Lines((long)rows * outer * _s.Inner), call.Output.Address, call.Signal.Address,
            call.InputSignals[0].Address, rows, call.Seeds, outer, _s.Extent, _s.Inner, _s.Logarithm ? 1 : 0);
    }
}
