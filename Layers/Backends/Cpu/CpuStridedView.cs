using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A slice or a transpose; the way back writes through the same view.</summary>
internal sealed unsafe class CpuStridedView(Execution execution, StridedView view) : CpuOperator(execution)
{
    public override void Forward(in ForwardCall call) => StridedCopy.Run(Execution, view.Rows(call.Output.Shape.N), call.Inputs[0].Floats + view.Start,
        view.Strides, call.Output.Floats, view.OutputStrides);

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        if (!view.Apart)
            GeometryChecks.RequireOneSeed(call, "moving elements along the batch axis");
        if (!view.Covers)
            NativeMemory.Clear((void*)result.Address, (nuint)result.Shape.Bytes);
        StridedCopy.Run(Execution, view.Rows(call.Signal.Shape.N), call.Signal.Floats, view.OutputStrides, result.Floats + view.Start, view.Strides);
    }
}
