namespace Preimage.Cpu.Blocked;

/// <summary>Where a lane works: M is [36 positions][rows of sums][32], behind it what the transforms need.</summary>
internal readonly unsafe struct WinogradLane
{
    /// <summary>Room for tiles, and for the panels of a position that are turned, as deep as told.</summary>
    public WinogradLane(int tiles, Isa isa, int turnedDepth = 0)
    {
        Tiles = tiles;
        int rows = WinogradProducts.Rows(ChannelGroups.Width(isa), tiles, null);
        Position = (((nint)rows * (BlockedTile.SumsStep / BlockedLayout.Lanes)) | 1) * BlockedLayout.Lanes;
        Rows = (nint)AlignedBuffer.RoundUp(WinogradTiles.Positions * Position * sizeof(float));
        Window = Rows + (nint)AlignedBuffer.RoundUp(tiles * (long)sizeof(int));
        Lines = Window + WinogradInput.WindowFloats * sizeof(float);
        Panels = Lines + WinogradOutput.LineFloats * sizeof(float);
        Offsets = Panels + (nint)turnedDepth * ChannelGroups.Channels * sizeof(float);
        Bytes = Offsets + (nint)AlignedBuffer.RoundUp(BlockedLayout.Blocks(turnedDepth) * (long)sizeof(nint));
    }

    /// <summary>Tiles there is room for.</summary>
    public int Tiles { get; }

    /// <summary>From one position to the next.</summary>
    public nint Position { get; }

    /// <summary>What comes before the table of rows.</summary>
    public nint Rows { get; }

    /// <summary>What comes before the copied window.</summary>
    public nint Window { get; }

    /// <summary>What comes before the lines of pixels.</summary>
    public nint Lines { get; }

    /// <summary>What comes before turned panels.</summary>
    public nint Panels { get; }

    /// <summary>What comes before the places that the next panels are turned from.</summary>
    public nint Offsets { get; }

    public nint Bytes { get; }
}
