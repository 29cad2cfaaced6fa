using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Padding and cropping.</summary>
internal sealed unsafe class CpuPad(Execution execution, PadTables tables, float value) : CpuOperator(execution)
{
    public override void Forward(in ForwardCall call) =>
        IndexedCopy.Forward(Execution, tables.Tables, tables.Input, call.Inputs[0].Floats, call.Output.Floats, value);

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        if (!tables.Apart)
            GeometryChecks.RequireOneSeed(call, "padding along the batch axis");
        IndexedCopy.Backward(Execution, tables.Tables, tables.Input, tables.Apart ? call.Signal.Shape.N : 0, call.InputSignals[0].Floats, call.Signal.Floats);
    }
}
