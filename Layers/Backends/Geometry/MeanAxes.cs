using Preimage.Cpu.Copies;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>A mean over some of an array's axes.</summary>
internal sealed class MeanAxes
{
    readonly Axes4 _extents;

    /// <exception cref="ShapeException">What is left is not of the output's size.</exception>
    public MeanAxes(Shape input, ReadOnlySpan<bool> reduced, Shape output)
    {
        _extents = SpreadAxes.Extents(input);
        int kept = 1;
        for (int axis = 0; axis < input.Rank; axis++)
        {
            if (reduced[axis])
                Reduced |= 1u << SpreadAxes.Index(axis, input.Rank);
            else
                kept *= input[axis];
        }

        ArePlanes = input.Rank == Shape.MaxRank && output.Rank == Shape.MaxRank && reduced is [false, false, true, true];
        if (kept != output.Count)
            throw new ShapeException($"a mean over {input} that leaves {kept} elements is not {output}");
    }

    /// <summary>Bit a is set where axis a of four is averaged over.</summary>
    public uint Reduced { get; }

    /// <summary>Whether it is the mean of each plane, where the axes stay.</summary>
    public bool ArePlanes { get; }

    public bool MixesSamples => (Reduced & 1) != 0;

    /// <summary>The input's extents on four axes, with as many rows as there are where samples stay apart.</summary>
    public Axes4 Rows(int rows)
    {
        Axes4 extents = _extents;
        if (!MixesSamples)
            extents[0] = rows;
        return extents;
    }
}
