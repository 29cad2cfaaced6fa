using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The mean over some axes.</summary>
internal sealed unsafe class CpuReduceMean : CpuOperator
{
    readonly Axes4 _extents;
    readonly uint _reduced;

    public CpuReduceMean(Execution execution, Shape input, ReadOnlySpan<bool> reduced, Shape output) : base(execution)
    {
        _extents = SpreadAxes.Extents(input);
        int kept = 1;
        for (int axis = 0; axis < input.Rank; axis++)
        {
            if (reduced[axis])
                _reduced |= 1u << SpreadAxes.Index(axis, input.Rank);
            else
                kept *= input[axis];
        }

        if (kept != output.Count)
            throw new ShapeException($"a mean over {input} that leaves {kept} elements is not {output}");
    }

    bool MixesSamples => (_reduced & 1) != 0;

    public override void Forward(in ForwardCall call) =>
        AxesMean.Forward(Execution, Rows(call.Inputs[0].Shape.N), _reduced, call.Inputs[0].Floats, call.Output.Floats);

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        if (MixesSamples)
            RequireOneSeed(call, "a mean over the batch");
        AxesMean.Backward(Execution, Rows(call.Signal.Shape.N), _reduced, call.Signal.Floats, call.InputSignals[0].Floats);
    }

    Axes4 Rows(int rows)
    {
        Axes4 extents = _extents;
        if (!MixesSamples)
            extents[0] = rows;
        return extents;
    }
}
