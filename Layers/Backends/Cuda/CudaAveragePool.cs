using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Average pooling.</summary>
internal sealed class CudaAveragePool : CudaOperator
{
    readonly PoolingGeometry _geometry;
    readonly int _top, _bottom, _left, _right;

    public CudaAveragePool(in PoolingGeometry geometry)
    {
        GeometryChecks.Pooling(geometry);
        _geometry = geometry;
        // What is counted beside the plane.
        if (geometry.CountIncludesPad)
            (_top, _bottom, _left, _right) = (geometry.PadTop, geometry.PadBottom, geometry.PadLeft, geometry.PadRight);
    }

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        PoolingGeometry g = _geometry;
        long outputs = call.Output.Shape.Count;
        PoolingKernels.AveragePoolForward(q.Kernels, q.Stream, LaunchShape.Over(outputs), call.Inputs[0].Address, call.Output.Address, outputs, _top, _bottom,
            _left, _right, g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
    }

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        PoolingGeometry g = _geometry;
        long elements = result.Shape.Count;
        PoolingKernels.AveragePoolBackward(q.Kernels, q.Stream, LaunchShape.Over(elements), call.Signal.Address, result.Address, elements, _top, _bottom,
            _left, _right, g.H, g.W, g.OutH, g.OutW, g.R, g.S, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY, g.DilationX);
    }
}
