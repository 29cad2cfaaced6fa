using Preimage.Cpu.Copies;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>A shape on four axes: axis 0 stays in front, the others end at the innermost, extents of 1 between.</summary>
internal static class SpreadAxes
{
    /// <summary>Which of the four an axis becomes.</summary>
    public static int Index(int axis, int rank) => axis == 0 ? 0 : axis + 4 - rank;

    /// <summary>The extents.</summary>
    public static Axes4 Extents(Shape shape)
    {
        var extents = new Axes4();
        for (int axis = 0; axis < 4; axis++)
            extents[axis] = 1;
        for (int axis = 0; axis < shape.Rank; axis++)
            extents[Index(axis, shape.Rank)] = shape[axis];
        return extents;
    }

    /// <summary>The strides of a contiguous array.</summary>
    public static Axes4 Strides(Axes4 extents)
    {
        var strides = new Axes4();
        nint stride = 1;
        for (int axis = 3; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= extents[axis];
        }

        return strides;
    }
}
