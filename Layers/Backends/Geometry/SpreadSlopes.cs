using Preimage.Cpu.Elementwise;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>The slopes of a parametric ReLU, one per unit.</summary>
internal static class SpreadSlopes
{
    /// <summary>One per unit of a sample, or of all samples where they differ.</summary>
    /// <exception cref="ShapeException">They do not broadcast.</exception>
    public static float[] Of(WeightSource slope, Shape slopeShape, Shape shape)
    {
        if (slope.Count != slopeShape.Count)
            throw new ShapeException($"{slope.Count} slopes are not of shape {slopeShape}");
        Shape spread = slopeShape.Rank == shape.Rank && slopeShape.N > 1 ? shape : shape.WithSamples(1);
        BroadcastPlan plan = GeometryChecks.Broadcast(slopeShape, spread, spread);
        float[] given = slope.ToArray(), slopes = new float[spread.Count];
        for (int i = 0; i < slopes.Length; i++)
        {
            int i2 = i % plan.Extents[2], i1 = i / plan.Extents[2] % plan.Extents[1], i0 = i / plan.Extents[2] / plan.Extents[1] % plan.Extents[0];
            int row = plan.RepeatsA ? 0 : i / plan.Row * plan.RowA;
            slopes[i] = given[row + i0 * plan.StridesA[0] + i1 * plan.StridesA[1] + i2 * plan.StridesA[2]];
        }

        return slopes;
    }
}
