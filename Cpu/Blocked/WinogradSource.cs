namespace Preimage.Cpu.Blocked;

/// <summary>Where transformed tiles lie: V is [36 positions][source blocks][tiles][16]. Steps are in floats, offsets in bytes.</summary>
/// <remarks>A position is an odd number of cache lines, so that the 36 of a tile fall into as many sets of the cache.</remarks>
internal readonly unsafe struct WinogradSource
{
    const int Lanes = BlockedLayout.Lanes;

    readonly int _channels;

    public WinogradSource(in WinogradTiles problem, int tiles)
    {
        _channels = problem.SourceChannels;
        Tiles = tiles;
        Blocks = BlockedLayout.Blocks(_channels);
        Position = (((nint)Blocks * tiles) | 1) * Lanes;
        Offsets = (nint)AlignedBuffer.RoundUp(WinogradTiles.Positions * Position * sizeof(float));
        Bytes = Offsets + (nint)AlignedBuffer.RoundUp(Blocks * (long)sizeof(nint));
    }

    /// <summary>Tiles there is room for.</summary>
    public int Tiles { get; }

    public int Blocks { get; }

    /// <summary>From one position to the next.</summary>
    public nint Position { get; }

    /// <summary>From one block of channels to the next.</summary>
    public nint Block => (nint)Tiles * Lanes;

    /// <summary>What comes before the offsets of the segments.</summary>
    public nint Offsets { get; }

    public nint Bytes { get; }

    /// <summary>What the product's tiles read; writes the offsets.</summary>
    public TileSource Segments(nint scratch)
    {
        nint* offsets = (nint*)(scratch + Offsets);
        for (int block = 0; block < Blocks; block++)
            offsets[block] = block * Block * sizeof(float);
        return new TileSource
        {
            Step = Lanes * sizeof(float), Offsets = offsets, Segments = _channels / Lanes, Depth = Lanes,
            ShortSegments = _channels % Lanes == 0 ? 0 : 1, ShortDepth = _channels % Lanes,
        };
    }
}
