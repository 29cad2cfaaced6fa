using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Blocked;

/// <summary>Where transformed tiles and their products lie for a number of tiles at once. Steps are in floats.</summary>
/// <remarks>V: [36][source blocks][tiles][16], M: [36][groups][rows][32]. A position is an odd number of cache lines, so that the 36 of a tile fall
/// into as many sets of the cache.</remarks>
internal readonly unsafe struct WinogradScratch
{
    const int Lanes = BlockedLayout.Lanes;

    public WinogradScratch(in WinogradTiles problem, int tiles, int groups, Isa isa)
    {
        Tiles = tiles;
        SourceBlocks = BlockedLayout.Blocks(problem.SourceChannels);
        SumRows = WinogradProducts.Rows(GemmBlocking.For(isa).Lanes, tiles, null);
        SourcePosition = (((nint)SourceBlocks * tiles) | 1) * Lanes;
        SumsPosition = (((nint)groups * SumRows * (BlockedTile.SumsStep / Lanes)) | 1) * Lanes;
        Sums = AlignedBuffer.RoundUp(WinogradTiles.Positions * (long)SourcePosition * sizeof(float));
        RowTable = Sums + AlignedBuffer.RoundUp(WinogradTiles.Positions * (long)SumsPosition * sizeof(float));
        Offsets = RowTable + AlignedBuffer.RoundUp(tiles * (long)sizeof(int));
        Bytes = Offsets + AlignedBuffer.RoundUp(SourceBlocks * (long)sizeof(nint));
    }

    /// <summary>Tiles there is room for.</summary>
    public int Tiles { get; }

    public int SourceBlocks { get; }

    /// <summary>Rows of sums of a group.</summary>
    public int SumRows { get; }

    /// <summary>Floats from one position of V to the next.</summary>
    public nint SourcePosition { get; }

    /// <summary>Floats from one position of M to the next.</summary>
    public nint SumsPosition { get; }

    /// <summary>Bytes before M; V starts at 0.</summary>
    public long Sums { get; }

    /// <summary>Bytes before the table of rows.</summary>
    public long RowTable { get; }

    /// <summary>Bytes before the offsets of segments.</summary>
    public long Offsets { get; }

    public long Bytes { get; }

    /// <summary>What the product's tiles read; fills the offsets.</summary>
    public TileSource Source(nint scratch, int channels)
    {
        nint* offsets = (nint*)(scratch + (nint)Offsets);
        for (int block = 0; block < SourceBlocks; block++)
            offsets[block] = (nint)block * Tiles * Lanes * sizeof(float);
        return new TileSource
        {
            Step = Lanes * sizeof(float), Offsets = offsets, Segments = channels / Lanes, Depth = Lanes,
            ShortSegments = channels % Lanes == 0 ? 0 : 1, ShortDepth = channels % Lanes,
        };
    }
}
