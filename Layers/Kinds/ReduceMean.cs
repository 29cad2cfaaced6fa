using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>The mean over some axes.</summary>
public sealed class ReduceMean : Layer
{
    /// <inheritdoc/>
    public override string Operator => "ReduceMean";

    /// <summary>The axes; null for those of input 1 or, without one, all.</summary>
    public IReadOnlyList<long>? AxisList { get; init; }

    /// <summary>Whether reduced axes stay with an extent of 1.</summary>
    public bool KeepAxes { get; init; } = true;

    /// <summary>Whether naming no axes means that nothing is reduced.</summary>
    public bool EmptyMeansNone { get; init; }

    internal override bool ReadsOnHost(int input) => input > 0;

    internal override Shape Infer(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        bool[] reduced = Reduced(inputs, x.Rank);
        int[] extents = KeepAxes
            ? [.. x.ToArray().Select((e, axis) => reduced[axis] ? 1 : e)]
            : [.. x.ToArray().Where((_, axis) => !reduced[axis])];
        return extents.Length == 0 ? new Shape(1) : new Shape(extents);
    }

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) => !Reduced(inputs, inputs.Shape(0).Rank)[0];

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateReduceMean(inputs.Shape(0), Reduced(inputs, inputs.Shape(0).Rank), output);

    bool[] Reduced(in LayerInputs inputs, int rank)
    {
        IReadOnlyList<long> axes = AxisList ?? (inputs.Count > 1 ? inputs.Constant(1).ToIntegers() : []);
        return axes.Count == 0 && EmptyMeansNone ? new bool[rank] : Axes.Mark(axes, rank);
    }
}
