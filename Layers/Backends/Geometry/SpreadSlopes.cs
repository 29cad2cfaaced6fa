using Preimage.Cpu.Copies;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>The slopes of a parametric ReLU, spread out to one per unit of a sample, or of all samples where they differ: a strided copy.</summary>
internal sealed class SpreadSlopes
{
    /// <exception cref="ShapeException">They do not broadcast.</exception>
    public SpreadSlopes(WeightSource slope, Shape slopeShape, Shape shape)
    {
        if (slope.Count != slopeShape.Count)
            throw new ShapeException($"{slope.Count} slopes are not of shape {slopeShape}");
        Shape spread = slopeShape.Rank == shape.Rank && slopeShape.N > 1 ? shape : shape.WithSamples(1);
        BroadcastPlan plan = GeometryChecks.Broadcast(slopeShape, spread, spread);
        Gathering = GeometryChecks.Broadcast(shape, slopeShape, shape);
        Count = spread.Count;
        (Axes4 extents, Axes4 from, Axes4 to) = (default, default, default);
        (extents[0], from[0], to[0]) = (plan.Rows, plan.RepeatsA ? 0 : plan.RowA, plan.Row);
        for (int axis = 2, step = 1; axis >= 0; step *= plan.Extents[axis], axis--)
            (extents[axis + 1], from[axis + 1], to[axis + 1]) = (plan.Extents[axis], plan.StridesA[axis], step);
        (Extents, From, To) = (extents, from, to);
    }

    /// <summary>How many there are spread out.</summary>
    public int Count { get; }

    /// <summary>The extents of the copy.</summary>
    public Axes4 Extents { get; }

    /// <summary>Its strides in the slopes as the layer has them.</summary>
    public Axes4 From { get; }

    /// <summary>Its strides in the slopes spread out.</summary>
    public Axes4 To { get; }

    /// <summary>How units (a) meet slopes (b): their gradient gathers along it.</summary>
    public BroadcastPlan Gathering { get; }

    /// <summary>The slopes spread out, on the host.</summary>
    public float[] Of(ReadOnlySpan<float> slopes)
    {
        var spread = new float[Count];
        for (int i = 0; i < spread.Length; i++)
        {
            nint row = i / Extents[3], plane = row / Extents[2];
            nint at = plane / Extents[1] * From[0] + plane % Extents[1] * From[1] + row % Extents[2] * From[2] + i % Extents[3] * From[3];
            spread[i] = slopes[(int)at];
        }

        return spread;
    }
}
