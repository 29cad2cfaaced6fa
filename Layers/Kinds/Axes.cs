namespace Preimage.Layers.Kinds;

/// <summary>Axis numbers as models give them: negative ones count from the innermost.</summary>
internal static class Axes
{
    public static int Normalise(long axis, int rank)
    {
        if (axis < -rank || axis >= rank)
            throw new ShapeException($"axis {axis} is out of range for rank {rank}");
        return (int)(axis < 0 ? axis + rank : axis);
    }

    /// <summary>Marks the given axes; none given marks all.</summary>
    public static bool[] Mark(IReadOnlyList<long> axes, int rank)
    {
        var marked = new bool[rank];
        if (axes.Count == 0)
            Array.Fill(marked, true);
        foreach (long axis in axes)
            marked[Normalise(axis, rank)] = true;
        return marked;
    }
}
