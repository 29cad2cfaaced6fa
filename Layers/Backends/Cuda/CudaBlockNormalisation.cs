using Preimage.Cpu.Orientation;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Division by the norm of the channels and a limit; the way back computes the norm again rather than keeping it.</summary>
internal sealed class CudaBlockNormalisation : CudaOperator
{
    readonly BlockNormGeometry _g;

    public CudaBlockNormalisation(in BlockNormGeometry geometry)
    {
        GeometryChecks.BlockNorm(geometry);
        _g = geometry;
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        int samples = call.Output.Shape.N;
        OrientationKernels.BlockNormForward(q.Kernels, q.Stream, LaunchShape.Over((long)samples * _g.Plane), call.Inputs[0].Address, call.Output.Address,
            samples, _g.Channels, _g.Plane, _g.Period, _g.First, _g.Epsilon, _g.Least, _g.Limit);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        int rows = call.Signal.Shape.N;
        OrientationKernels.BlockNormBackward(q.Kernels, q.Stream, LaunchShape.Over((long)rows * _g.Plane), call.Inputs[0].Address, call.Signal.Address,
            call.InputSignals[0].Address, rows, call.Seeds, _g.Channels, _g.Plane, _g.Period, _g.First, _g.Epsilon, _g.Least, _g.Limit);
    }
}
