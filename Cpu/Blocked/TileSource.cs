namespace Preimage.Cpu.Blocked;

/// <summary>Which values meet the filters of a tile, told the same for all its rows. Steps and offsets are in bytes.</summary>
/// <remarks>
/// The depth of a sum is cut into segments of adjacent floats: of a convolution in blocked layout, a tap of a block of channels; of one that reads
/// plain planes, a tap of a channel (depth 1); of a matrix product, the whole row. The segments of the last block, with the channels that are
/// left, come last and are shorter.
/// </remarks>
internal unsafe struct TileSource
{
    /// <summary>From one row of the tile to the next.</summary>
    public nint Step;

    /// <summary>From a row's start to each segment.</summary>
    public nint* Offsets;

    /// <summary>Segments of <see cref="Depth"/>.</summary>
    public int Segments;

    public int Depth;

    /// <summary>Segments of <see cref="ShortDepth"/> behind them.</summary>
    public int ShortSegments;

    public int ShortDepth;

    /// <summary>What to bring into the second-level cache meanwhile, <see cref="AheadStep"/> further with each value of depth; or null.</summary>
    public byte* Ahead;

    public nint AheadStep;

    /// <summary>From <see cref="Ahead"/> to what each segment brings in; null where that is one stretch.</summary>
    public nint* AheadOffsets;

    /// <summary>The length of a sum.</summary>
    public readonly int Total => Segments * Depth + ShortSegments * ShortDepth;
}
