using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Copies;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The mean over some axes.</summary>
internal sealed unsafe class CpuReduceMean : CpuOperator
{
    readonly Axes4 _extents;
    readonly uint _reduced;
    readonly bool _planes;

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

        _planes = input.Rank == Shape.MaxRank && output.Rank == Shape.MaxRank && reduced is [false, false, true, true];
        if (kept != output.Count)
            throw new ShapeException($"a mean over {input} that leaves {kept} elements is not {output}");
    }

    bool MixesSamples => (_reduced & 1) != 0;

    /// <summary>The mean of each plane, where the axes stay.</summary>
    public override LayoutRule Layouts => _planes ? LayoutRule.Follows : LayoutRule.Planar;

    public override void Forward(in ForwardCall call)
    {
        Shape from = call.Inputs[0].Shape;
        if (call.Output.IsBlocked)
            BlockedPlaneMean.Forward(Execution, from.N, from.C, from.H * from.W, call.Inputs[0].Floats, call.Output.Floats);
        else
            AxesMean.Forward(Execution, Rows(from.N), _reduced, call.Inputs[0].Floats, call.Output.Floats);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        if (MixesSamples)
            RequireOneSeed(call, "a mean over the batch");
        Shape to = call.InputSignals[0].Shape;
        if (call.Signal.IsBlocked)
        {
            BlockedPlaneMean.Backward(Execution, to.N, to.C, to.H * to.W, call.Signal.Floats, call.InputSignals[0].Floats);
            return;
        }

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
