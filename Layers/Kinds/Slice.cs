using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>A box cut out of an array, with steps: ONNX Slice. Starts, ends, axes and steps are inputs 1 to 4 where they are not given here.</summary>
public sealed class Slice : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Slice";

    /// <summary>First element per listed axis, or null when input 1 gives it.</summary>
    public IReadOnlyList<long>? Starts { get; init; }

    /// <summary>One past the last element per listed axis; out-of-range values are clamped.</summary>
    public IReadOnlyList<long>? Ends { get; init; }

    /// <summary>The axes; null means the leading ones in order.</summary>
    public IReadOnlyList<long>? AxisList { get; init; }

    /// <summary>Step per listed axis; null means 1.</summary>
    public IReadOnlyList<long>? Steps { get; init; }

    internal override bool ReadsOnHost(int input) => input > 0;

    internal override HostTensor? Fold(in LayerInputs inputs)
    {
        if (inputs.TryConstant(0) is not { } value)
            return null;
        Box box = Cut(inputs, value.Extents);
        int[] strides = HostValues.Strides(value.Extents);
        int offset = strides.Select((stride, axis) => stride * box.Starts[axis]).Sum();
        return HostValues.Pick(value, box.Extents, [.. strides.Select((stride, axis) => stride * box.Steps[axis])], offset);
    }

    internal override Shape Infer(in LayerInputs inputs) => new(Cut(inputs, inputs.Shape(0).ToArray()).Extents);

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output)
    {
        Box box = Cut(inputs, inputs.Shape(0).ToArray());
        return box.Starts[0] == 0 && box.Steps[0] == 1 && box.Extents[0] == inputs.Shape(0).N;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        Box box = Cut(inputs, inputs.Shape(0).ToArray());
        return backend.CreateSlice(inputs.Shape(0), box.Starts, box.Steps, output);
    }

    /// <summary>Start, step and extent on every axis of an array of the given extents.</summary>
    internal Box Cut(in LayerInputs inputs, int[] extents)
    {
        IReadOnlyList<long> starts = Starts ?? inputs.Constant(1).ToIntegers();
        IReadOnlyList<long> ends = Ends ?? inputs.Constant(2).ToIntegers();
        IReadOnlyList<long>? axes = AxisList ?? (inputs.Count > 3 ? inputs.Constant(3).ToIntegers() : null);
        IReadOnlyList<long>? steps = Steps ?? (inputs.Count > 4 ? inputs.Constant(4).ToIntegers() : null);
        if (ends.Count != starts.Count || (axes is not null && axes.Count != starts.Count) || (steps is not null && steps.Count != starts.Count))
            throw new ShapeException("starts, ends, axes and steps of a slice differ in number");
        var box = new Box(new int[extents.Length], new int[extents.Length], (int[])extents.Clone());
        Array.Fill(box.Steps, 1);
        for (int i = 0; i < starts.Count; i++)
        {
            int axis = Axes.Normalise(axes is null ? i : axes[i], extents.Length);
            long extent = extents[axis], step = steps is null ? 1 : steps[i];
            if (step is 0 or < -int.MaxValue or > int.MaxValue)
                throw new ShapeException($"a slice with step {step}");
            long start = Clamp(starts[i], extent, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1);
            long end = Clamp(ends[i], extent, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1);
            long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
            (box.Starts[axis], box.Steps[axis], box.Extents[axis]) = ((int)start, (int)step, (int)Math.Max(count, 0));
        }

        return box;
    }

    static long Clamp(long position, long extent, long low, long high) =>
        Math.Clamp(position < 0 && position >= -extent ? position + extent : position, low, high);

    /// <summary>A box with steps.</summary>
    internal readonly record struct Box(int[] Starts, int[] Steps, int[] Extents);
}
