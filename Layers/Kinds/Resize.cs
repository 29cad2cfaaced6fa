using Preimage.Layers.Operators;
using Preimage.Layers.Resampling;

namespace Preimage.Layers.Kinds;

/// <summary>Rows and columns resampled to another number: ONNX Resize and Upsample in the modes nearest and linear.</summary>
/// <remarks>Samples and channels stay as they are. A rank-3 array is resized along its columns.</remarks>
public sealed class Resize : Layer
{
    /// <inheritdoc/>
    public override string Operator => "Resize";

    /// <summary>Whether values between samples are interpolated; otherwise the nearest sample is taken.</summary>
    public bool Linear { get; init; }

    /// <summary>Where an output sample lies in the input.</summary>
    public ResizeCoordinates Coordinates { get; init; } = ResizeCoordinates.HalfPixel;

    /// <summary>Which sample a position between two takes, when not linear.</summary>
    public NearestRounding Rounding { get; init; } = NearestRounding.RoundPreferFloor;

    /// <summary>Output over input extent per listed axis, or null.</summary>
    public IReadOnlyList<float>? Scales { get; init; }

    /// <summary>Output extents per listed axis, or null.</summary>
    public IReadOnlyList<long>? Sizes { get; init; }

    /// <summary>The axes that scales or sizes are listed for; null means all in order.</summary>
    public IReadOnlyList<long>? AxisList { get; init; }

    /// <summary>Whether input 1, which stands in where neither scales nor sizes are given here, holds sizes rather than scales.</summary>
    public bool InputHoldsSizes { get; init; }

    internal override bool ReadsOnHost(int input) => input > 0;

    internal override Shape Infer(in LayerInputs inputs) => new([.. Plan(inputs).Select(axis => axis.Out)]);

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output)
    {
        Shape x = inputs.Shape(0);
        AxisPlan[] plan = Plan(inputs);
        AxisPlan rows = x.Rank == 4 ? plan[2] : new AxisPlan(1, 1, 1);
        return backend.CreateResample(x, output, Table(rows), Table(plan[^1]));
    }

    AxisPlan[] Plan(in LayerInputs inputs)
    {
        Shape x = inputs.Shape(0);
        SpatialShapes.RequireSpatial(x, "a resize");
        IReadOnlyList<float>? scales = Scales ?? (Sizes is null && !InputHoldsSizes ? inputs.Constant(1).ToFloats() : null);
        IReadOnlyList<long>? sizes = scales is null ? Sizes ?? inputs.Constant(1).ToIntegers() : null;
        int listed = scales?.Count ?? sizes!.Count;
        if (listed != (AxisList?.Count ?? x.Rank))
            throw new ShapeException($"{listed} scales or sizes do not fit {AxisList?.Count ?? x.Rank} axes");
        AxisPlan[] plan = Array.ConvertAll(x.ToArray(), e => new AxisPlan(e, e, 1));
        for (int i = 0; i < listed; i++)
        {
            int axis = Axes.Normalise(AxisList is null ? i : AxisList[i], x.Rank);
            double? scale = scales is null ? null : scales[i];
            double size = scale is { } factor ? Math.Floor((double)x[axis] * factor) : sizes![i];
            if (!(size is >= 1 and <= int.MaxValue) || scale is <= 0)
                throw new ShapeException($"axis {axis} of {x} would be resized to {size} by a scale of {scale}");
            if (axis < 2 && size != x[axis])
                throw new ShapeException($"axis {axis} of {x} would be resized to {size}: rows and columns only are supported");
            plan[axis] = new AxisPlan(x[axis], (int)size, scale);
        }

        return plan;
    }

    ResamplingTable Table(AxisPlan axis) => Linear
        ? ResamplingTable.OnnxLinear(axis.In, axis.Out, Coordinates, axis.Scale)
        : ResamplingTable.OnnxNearest(axis.In, axis.Out, Coordinates, Rounding, axis.Scale);

    readonly record struct AxisPlan(int In, int Out, double? Scale);
}
