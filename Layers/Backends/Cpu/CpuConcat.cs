using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Copies;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Arrays joined along an axis: runs of each input side by side.</summary>
internal sealed unsafe class CpuConcat : CpuOperator
{
    readonly JoinedRuns _runs;
    readonly int[] _channels;
    readonly int _plane;

    public CpuConcat(Execution execution, int axis, ReadOnlySpan<Shape> inputs, Shape output) : base(execution)
    {
        _runs = new JoinedRuns(axis, inputs, output);
        _channels = [.. inputs.ToArray().Select(s => s.C)];
        _plane = output.H * output.W;
    }

    public override LayoutRule Layouts => _runs.Axis == 1 && BlockedConcat.Supports(_channels) ? LayoutRule.Follows : LayoutRule.Planar;

    public override void Forward(in ForwardCall call)
    {
        Activation whole = call.Output;
        nint first = 0;
        for (int i = 0; i < _channels.Length; i++)
        {
            Activation part = call.Inputs[i];
            if (whole.IsBlocked)
                BlockedConcat.Join(Execution, whole.Shape.N, _plane, (int)first, _channels[i], whole.Shape.C, part.Floats, whole.Floats);
            else
                Move(_runs.Runs[i], part.Floats, _runs.Runs[i], whole.Floats + first, _runs.OutputRun, whole.Shape.N);
            first += whole.IsBlocked ? _channels[i] : _runs.Runs[i];
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (_runs.Axis == 0)
            GeometryChecks.RequireOneSeed(call, "joining along the batch axis");
        Activation whole = call.Signal;
        nint first = 0;
        for (int i = 0; i < _channels.Length; i++)
        {
            Activation part = call.InputSignals[i];
            if (part.IsPresent && whole.IsBlocked)
                BlockedConcat.Split(Execution, whole.Shape.N, _plane, (int)first, _channels[i], whole.Shape.C, whole.Floats, part.Floats);
            else if (part.IsPresent)
                Move(_runs.Runs[i], whole.Floats + first, _runs.OutputRun, part.Floats, _runs.Runs[i], whole.Shape.N);
            first += whole.IsBlocked ? _channels[i] : _runs.Runs[i];
        }
    }

    void Move(int run, float* from, int fromStride, float* to, int toStride, int rows)
    {
        Axes4 extents = new(), fromStrides = new(), toStrides = new();
        (extents[0], extents[1], extents[2], extents[3]) = (_runs.Count(rows), 1, 1, run);
        (fromStrides[0], fromStrides[3], toStrides[0], toStrides[3]) = (fromStride, 1, toStride, 1);
        StridedCopy.Run(Execution, extents, from, fromStrides, to, toStrides);
    }
}
