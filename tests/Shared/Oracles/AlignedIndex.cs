using Preimage.Layers;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>Positions of a row-major array, and where they fall in an array that broadcasts to it.</summary>
internal static class AlignedIndex
{
    /// <summary>The coordinates of element <paramref name="flat"/>.</summary>
    public static int[] Of(int flat, Shape shape)
    {
        var at = new int[shape.Rank];
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            at[axis] = flat % shape[axis];
            flat /= shape[axis];
        }

        return at;
    }

    /// <summary>The element of <paramref name="small"/> that broadcasting pairs with coordinates of a shape of equal or higher rank.</summary>
    public static int Broadcast(int[] at, Shape small)
    {
        int flat = 0, lead = at.Length - small.Rank;
        for (int axis = 0; axis < small.Rank; axis++)
            flat = flat * small[axis] + (small[axis] == 1 ? 0 : at[axis + lead]);
        return flat;
    }

    /// <summary>The element at coordinates of the very same rank.</summary>
    public static int Flat(int[] at, Shape shape)
    {
        int flat = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
            flat = flat * shape[axis] + at[axis];
        return flat;
    }
}
