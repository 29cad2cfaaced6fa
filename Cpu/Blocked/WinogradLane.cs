namespace Preimage.Cpu.Blocked;

/// <summary>Where a lane works: M is [36 positions][rows of sums][32], behind it what the transforms need.</summary>
internal readonly unsafe struct WinogradLane
{
    public WinogradLane(int tiles, Isa isa)
    {
        Tiles = tiles;
        int rows = WinogradProducts.Rows(ChannelGroups.Width(isa), tiles, null);
        Position = (((nint)rows * (BlockedTile.SumsStep / BlockedLayout.Lanes)) | 1) * BlockedLayout.Lanes;
        Rows = (nint)AlignedBuffer.RoundUp(WinogradTiles.Positions * Position * sizeof(float));
        Window = Rows + (nint)AlignedBuffer.RoundUp(tiles * (long)sizeof(int));
        Lines = Window + WinogradInput.WindowFloats * sizeof(float);
        Bytes = Lines + WinogradOutput.LineFloats * sizeof(float);
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

    public nint Bytes { get; }
}
