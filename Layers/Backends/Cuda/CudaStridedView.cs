using Preimage.Interop.Cuda;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A slice or a transpose; the way back writes through the same view.</summary>
internal sealed class CudaStridedView(StridedView view) : CudaOperator
{
    readonly nint _start = view.Start * sizeof(float);

    public override void Forward(in ForwardCall call) => StridedCopies.Run(call.Queue.Cuda, view.Rows(call.Output.Shape.N),
        call.Inputs[0].Address + _start, view.Strides, call.Output.Address, view.OutputStrides);

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        if (!view.Apart)
            GeometryChecks.RequireOneSeed(call, "moving elements along the batch axis");
        CudaQueue q = call.Queue.Cuda;
        if (!view.Covers)
            q.Stream.Clear(result.Address, result.Shape.Bytes);
        StridedCopies.Run(q, view.Rows(call.Signal.Shape.N), call.Signal.Address, view.OutputStrides, result.Address + _start, view.Strides);
    }
}
