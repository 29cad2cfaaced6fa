namespace Preimage.Cpu.Gemm;

/// <summary>Block sizes of a matrix product. They decide what lies in which cache, never a bit of the result.</summary>
/// <param name="Rows">Rows of the register tile; panels of the left matrix are packed [k][Rows].</param>
/// <param name="Columns">Columns of the register tile; panels of the right matrix are packed [k][Columns].</param>
/// <param name="Lanes">Lanes of a vector.</param>
internal readonly record struct GemmBlocking(int Rows, int Columns, int Lanes)
{
    /// <summary>Depth of a block: one panel of the right matrix (48 KB at 48 columns) stays in the first-level cache.</summary>
    public const int Depth = 256;

    /// <summary>Most rows of a block: its part of the left matrix (128 KB) stays in the second-level cache beside the rest.</summary>
    public const int MaxRows = 128;

    /// <summary>Most panels of the right matrix in a block.</summary>
    public const int MaxPanels = 4;

    public static GemmBlocking For(Isa isa) => isa switch
    {
        Isa.Avx512 => new(8, 48, 16),
        Isa.Avx2 => new(6, 16, 8),
        Isa.Neon => new(8, 8, 4),
        _ => new(4, 3, 1),
    };

    /// <summary>Floats of scratch one lane needs for the packed right block and the block of results.</summary>
    public int ScratchFloats => Depth * Columns * MaxPanels + (MaxRows + Rows) * Columns * MaxPanels;

    /// <summary>How many rows a packed panel has that is to hold this many: what the tile is compiled for.</summary>
    public static int PanelRows(int rows) => rows switch { <= 2 => rows, <= 4 => 4, <= 6 => 6, _ => 8 };

    /// <summary>Rows of a block: whole panels, few enough that there are tickets for everyone.</summary>
    public int BlockRows(int rows, long blocksOtherwise, int lanes)
    {
        int block = Math.Min(MaxRows / Rows * Rows, rows);
        // Three tickets per lane even out machines with fast and slow processors; below two panels packing costs more than waiting.
        while (block > 2 * Rows && blocksOtherwise * ((rows + block - 1) / block) < 3L * lanes)
            block = ((block / 2) + Rows - 1) / Rows * Rows;
        return block;
    }

    /// <summary>Panels of the right matrix in a block.</summary>
    public int BlockPanels(int columns, long blocksOtherwise, int lanes)
    {
        int panels = (columns + Columns - 1) / Columns, block = Math.Min(MaxPanels, panels);
        while (block > 1 && blocksOtherwise * ((panels + block - 1) / block) < 3L * lanes)
            block--;
        return block;
    }
}
