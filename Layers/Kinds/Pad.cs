using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>What a <see cref="Pad"/> layer writes outside its input.</summary>
public enum PadFill
{
    /// <summary>A constant.</summary>
    Constant,

    /// <summary>The input mirrored at its edge, the edge itself not repeated.</summary>
    Reflect,

    /// <summary>The nearest value of the input.</summary>
    Edge,
}

/// <summary>Values added around an array, or, where a number is negative, taken off.</summary>
public sealed class Pad : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Pad";

    /// <summary>For all axes the numbers in front, then for all axes those behind; null when input 1 gives them.</summary>
    public IReadOnlyList<long>? Pads { get; init; }

    /// <summary>The axes the numbers belong to; null means all in order.</summary>
    public IReadOnlyList<long>? AxisList { get; init; }

    /// <summary>What is written.</summary>
    public PadFill Fill { get; init; }

    /// <summary>The constant, unless input 2 gives it.</summary>
    public float Value { get; init; }

    internal override bool ReadsOnHost(int input) => input > 0;

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        (int[] before, int[] after) = Numbers(inputs, x.Rank);
        int[] extents = x.ToArray();
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long extent = (long)extents[axis] + before[axis] + after[axis];
            if (extent is < 1 or > int.MaxValue || before[axis] < -x[axis] || after[axis] < -x[axis])
                throw new ShapeException($"padding {before[axis]} and {after[axis]} on axis {axis} of {x} leaves {extent} elements");
            if (Fill == PadFill.Reflect && (before[axis] >= x[axis] || after[axis] >= x[axis]))
                throw new ShapeException($"{x[axis]} elements on axis {axis} cannot be mirrored over {before[axis]} and {after[axis]}");
            extents[axis] = (int)extent;
        }

        return new Shape(extents);
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output)
    {
        (int[] before, int[] after) = Numbers(inputs, output.Rank);
        return before[0] == 0 && after[0] == 0;
    }

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        float value = inputs.Count > 2 && inputs.TryConstant(2) is { Count: 1 } given ? (float)given.Float(0) : Value;
        return backend.CreatePad(inputs.Shape(0), Numbers(inputs, output.Rank).Before, output, Fill, value);
    }

    (int[] Before, int[] After) Numbers(in LayerInputs inputs, int rank)
    {
        IReadOnlyList<long> pads = Pads ?? inputs.Constant(1).ToIntegers();
        IReadOnlyList<long>? axes = AxisList ?? (inputs.Count > 3 ? inputs.Constant(3).ToIntegers() : null);
        int listed = axes?.Count ?? rank;
        if (pads.Count != 2 * listed || pads.Any(p => p is < -int.MaxValue or > int.MaxValue))
            throw new ShapeException($"padding ({string.Join(", ", pads)}) does not fit {listed} axes");
        int[] before = new int[rank], after = new int[rank];
        for (int i = 0; i < listed; i++)
        {
            int axis = Axes.Normalise(axes is null ? i : axes[i], rank);
            (before[axis], after[axis]) = ((int)pads[i], (int)pads[listed + i]);
        }

        return (before, after);
    }
}
