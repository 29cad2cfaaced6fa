namespace Preimage.Cpu.Blocked;

/// <summary>Pixels that a tile of filter gradients goes over, and the inputs that meet them. Steps are in bytes; extents are at least 1.</summary>
/// <remarks>Output pixels of a row are a block's 16 floats apart.</remarks>
internal unsafe struct FilterGradientWalk
{
    public int Samples, Rows, Columns;

    /// <summary>From an output to that of the next sample, and of the next row.</summary>
    public nint SignalSample, SignalRow;

    /// <summary>From an output in one block of channels to that in the next.</summary>
    public nint SignalBlock;

    /// <summary>From an input to that of the next output's sample, row and column.</summary>
    public nint SourceSample, SourceRow, SourcePixel;

    /// <summary>What to bring into the second-level cache meanwhile, <see cref="AheadStep"/> further with each pixel; or null.</summary>
    public byte* Ahead;

    public nint AheadStep;

    /// <summary>Sees rows that follow each other without gaps as one, so that the innermost loop is long.</summary>
    public void JoinRows()
    {
        if (Rows == 1 || SignalRow != (nint)Columns * BlockedLayout.Lanes * sizeof(float) || SourceRow != Columns * SourcePixel)
            return;
        Columns *= Rows;
        Rows = 1;
    }
}
