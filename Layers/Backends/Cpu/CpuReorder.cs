using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A value copied from one layout into the other, whichever the call's arrays have.</summary>
internal sealed class CpuReorder(Execution execution, Shape shape) : CpuOperator(execution)
{
    public override string Algorithm => "Reorder";

    public override void Forward(in ForwardCall call) => Copy(call.Inputs[0], call.Output);

    public override void Backward(in BackwardCall call) => Copy(call.Signal, call.InputSignals[0]);

    unsafe void Copy(Activation from, Activation to)
    {
        if (to.IsBlocked)
            Reorder.ToBlocked(Execution, to.Shape.N, shape.C, shape.H * shape.W, from.Floats, to.Floats);
        else
            Reorder.ToPlanar(Execution, to.Shape.N, shape.C, shape.H * shape.W, from.Floats, to.Floats);
    }
}
