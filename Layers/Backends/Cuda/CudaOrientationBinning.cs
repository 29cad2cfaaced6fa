using Preimage.Cpu.Orientation;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Gradients sorted by direction; the way back finds the bins again rather than keeping them.</summary>
internal sealed class CudaOrientationBinning : CudaOperator
{
    readonly BinningKind _kind;
    readonly OrientationGeometry _geometry;
    readonly DeviceMemory _directions;

    public CudaOrientationBinning(Owned owned, DeviceConstants constants, BinningKind kind, in OrientationGeometry geometry) : base(owned)
    {
        GeometryChecks.Orientation(geometry);
        (_kind, _geometry) = (kind, geometry);
        _directions = owned.Own(constants.Upload<float>(geometry.Directions()));
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    // The kinds are numbered as in orientation.cu.
    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        int samples = call.Output.Shape.N;
        OrientationKernels.OrientationForward(q.Kernels, q.Stream, LaunchShape.Over((long)samples * _geometry.Plane), (int)_kind, call.Inputs[0].Address,
            _directions.Handle, call.Output.Address, samples, _geometry.Colours, _geometry.Plane, _geometry.Bins, _geometry.Offset);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        int rows = call.Signal.Shape.N;
        OrientationKernels.OrientationBackward(q.Kernels, q.Stream, LaunchShape.Over((long)rows * _geometry.Plane), (int)_kind, call.Inputs[0].Address,
            _directions.Handle, call.Signal.Address, call.InputSignals[0].Address, rows, call.Seeds, _geometry.Colours, _geometry.Plane, _geometry.Bins,
            _geometry.Offset);
    }
}
