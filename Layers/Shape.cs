using System.Diagnostics;

namespace Preimage.Layers;

/// <summary>The extents of a float32 array, 1 to 4 of them, outermost first. N, C, H, W name the rank-4 case.</summary>
/// <remarks>
/// A rank-3 array (N, C, L) is worked on as (N, C, 1, L), rank 2 as (N, C, 1, 1), rank 1 as (N, 1, 1, 1);
/// <see cref="N"/>, <see cref="C"/>, <see cref="H"/> and <see cref="W"/> answer in those terms. A zero-filled value
/// (<c>default</c>) is no shape at all: its rank is 0.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct Shape
{
    /// <summary>The largest rank there is.</summary>
    public const int MaxRank = 4;

    readonly int _e0, _e1, _e2, _e3;

    /// <summary>Makes a shape of the given extents.</summary>
    /// <param name="extents">1 to 4 extents, each at least 1.</param>
    /// <exception cref="ShapeException">The rank or an extent is out of range, or there are more than 2^31-1 elements.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        if (extents.Length is < 1 or > MaxRank)
            throw new ShapeException($"rank {extents.Length} is not supported: a shape has 1 to {MaxRank} extents");
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 1)
                throw new ShapeException($"extent {extent} in ({string.Join(", ", extents.ToArray())}): extents are at least 1");
            count *= extent;
            if (count > int.MaxValue)
                throw new ShapeException($"({string.Join(", ", extents.ToArray())}) has more than {int.MaxValue} elements");
        }

        Rank = extents.Length;
        _e0 = extents[0];
        _e1 = extents.Length > 1 ? extents[1] : 1;
        _e2 = extents.Length > 2 ? extents[2] : 1;
        _e3 = extents.Length > 3 ? extents[3] : 1;
    }

    /// <summary>How many extents there are, 1 to 4.</summary>
    public int Rank { get; }

    /// <summary>The extent of an axis, outermost first.</summary>
    public int this[int axis] => (uint)axis >= (uint)Rank
        ? throw new ArgumentOutOfRangeException(nameof(axis), axis, $"{this} has axes 0 to {Rank - 1}")
        : axis switch { 0 => _e0, 1 => _e1, 2 => _e2, _ => _e3 };

    /// <summary>Samples: the outermost extent.</summary>
    public int N => _e0;

    /// <summary>Channels: the second extent, 1 where there is none.</summary>
    public int C => _e1;

    /// <summary>Rows: the third extent of four, otherwise 1.</summary>
    public int H => Rank == 4 ? _e2 : 1;

    /// <summary>Columns: the innermost extent of a rank-3 or rank-4 shape, otherwise 1.</summary>
    public int W => Rank == 4 ? _e3 : _e2;

    /// <summary>How many elements there are.</summary>
    public int Count => _e0 * SampleCount;

    /// <summary>How many elements one sample has.</summary>
    public int SampleCount => _e1 * _e2 * _e3;

    /// <summary>The bytes of that many float32 values.</summary>
    public long Bytes => (long)Count * sizeof(float);

    /// <summary>The same shape with another number of samples.</summary>
    /// <exception cref="ShapeException"><paramref name="samples"/> is below 1, or the elements become too many.</exception>
    public Shape WithSamples(int samples)
    {
        Span<int> extents = stackalloc int[Rank];
        CopyTo(extents);
        extents[0] = samples;
        return new Shape(extents);
    }

    /// <summary>The extents as an array.</summary>
    public int[] ToArray()
    {
        var extents = new int[Rank];
        CopyTo(extents);
        return extents;
    }

    /// <summary>Writes the extents into a span of at least <see cref="Rank"/> elements.</summary>
    public void CopyTo(Span<int> extents)
    {
        for (int axis = 0; axis < Rank; axis++)
            extents[axis] = this[axis];
    }

    /// <summary>The extents as the tensor types of the BCL want them.</summary>
    public nint[] ToLengths() => Array.ConvertAll(ToArray(), e => (nint)e);

    /// <summary>The extents with crosses between: 1x3x227x227.</summary>
    public override string ToString() => Rank == 0 ? "no shape" : string.Join('x', ToArray());
}
