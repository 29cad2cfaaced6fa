using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Copies;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Arrays joined along an axis: runs of each input side by side.</summary>
internal sealed unsafe class CpuConcat : CpuOperator
{
    readonly int _axis, _outerPerRow, _outputRun;
    readonly int[] _runs, _channels;
    readonly int _plane;

    public CpuConcat(Execution execution, int axis, ReadOnlySpan<Shape> inputs, Shape output) : base(execution)
    {
        if ((uint)axis >= (uint)output.Rank)
            throw new ShapeException($"no axis {axis} to join along in {output}");
        _axis = axis;
        _outerPerRow = 1;
        for (int i = 1; i < axis; i++)
            _outerPerRow *= output[i];
        _runs = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            _runs[i] = Run(inputs[i], axis);
        _outputRun = Run(output, axis);
        _channels = [.. inputs.ToArray().Select(s => s.C)];
        _plane = output.H * output.W;
        if (_runs.Sum() != _outputRun)
            throw new ShapeException($"{string.Join(", ", inputs.ToArray())} joined along axis {axis} do not give {output}");
    }

    public override LayoutRule Layouts => _axis == 1 && BlockedConcat.Supports(_channels) ? LayoutRule.Follows : LayoutRule.Planar;

    public override void Forward(in ForwardCall call)
    {
        Activation whole = call.Output;
        nint first = 0;
        for (int i = 0; i < _runs.Length; i++)
        {
            Activation part = call.Inputs[i];
            if (whole.IsBlocked)
                BlockedConcat.Join(Execution, whole.Shape.N, _plane, (int)first, _channels[i], whole.Shape.C, part.Floats, whole.Floats);
            else
                Move(_runs[i], part.Floats, _runs[i], whole.Floats + first, _outputRun, whole.Shape.N);
            first += whole.IsBlocked ? _channels[i] : _runs[i];
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (_axis == 0)
            RequireOneSeed(call, "joining along the batch axis");
        Activation whole = call.Signal;
        nint first = 0;
        for (int i = 0; i < _runs.Length; i++)
        {
            Activation part = call.InputSignals[i];
            if (part.IsPresent && whole.IsBlocked)
                BlockedConcat.Split(Execution, whole.Shape.N, _plane, (int)first, _channels[i], whole.Shape.C, whole.Floats, part.Floats);
            else if (part.IsPresent)
                Move(_runs[i], whole.Floats + first, _outputRun, part.Floats, _runs[i], whole.Shape.N);
            first += whole.IsBlocked ? _channels[i] : _runs[i];
        }
    }

    void Move(int run, float* from, int fromStride, float* to, int toStride, int rows)
    {
        Axes4 extents = new(), fromStrides = new(), toStrides = new();
        (extents[0], extents[1], extents[2], extents[3]) = (_axis == 0 ? 1 : (nint)rows * _outerPerRow, 1, 1, run);
        (fromStrides[0], fromStrides[3], toStrides[0], toStrides[3]) = (fromStride, 1, toStride, 1);
        StridedCopy.Run(Execution, extents, from, fromStrides, to, toStrides);
    }

    /// <summary>Elements from the axis inwards: what lies together.</summary>
    static int Run(Shape shape, int axis)
    {
        int run = 1;
        for (int i = axis; i < shape.Rank; i++)
            run *= shape[i];
        return run;
    }
}
