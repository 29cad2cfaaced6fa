namespace Preimage.Layers.Kinds;

/// <summary>Multidirectional broadcasting: axes are aligned at the innermost, an extent of 1 stretches.</summary>
internal static class Broadcasting
{
    public static Shape Combine(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        var extents = new int[rank];
        for (int axis = 0; axis < rank; axis++)
            extents[axis] = Extent(a, b, axis, rank);
        return new Shape(extents);
    }

    /// <summary>The common extent of one axis of the combined shape.</summary>
    public static int Extent(Shape a, Shape b, int axis, int rank)
    {
        int x = Aligned(a, axis, rank), y = Aligned(b, axis, rank);
        if (x == y || y == 1)
            return x;
        return x == 1 ? y : throw new ShapeException($"shapes {a} and {b} do not broadcast: {x} against {y} on axis {axis}");
    }

    /// <summary>The extent of a shape on an axis of a shape of higher rank that it is aligned with.</summary>
    public static int Aligned(Shape shape, int axis, int rank) =>
        axis < rank - shape.Rank ? 1 : shape[axis - (rank - shape.Rank)];
}
