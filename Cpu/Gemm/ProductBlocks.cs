namespace Preimage.Cpu.Gemm;

/// <summary>How a matrix product is cut into blocks. They decide what lies in which cache, never a bit of the result.</summary>
/// <param name="Rows">Rows of a ticket.</param>
/// <param name="Columns">Columns of a ticket, at most <see cref="MaxColumns"/>.</param>
internal readonly record struct ProductBlocks(int Rows, int Columns)
{
    /// <summary>Depth of a block: a panel of the right matrix (48 KB at 48 columns) streams from the second-level cache through the first.</summary>
    public const int Depth = 256;

    /// <summary>Rows of the left matrix packed at a time: 192 KB of the second-level cache.</summary>
    public const int LeftRows = 192;

    /// <summary>Most columns of a ticket: its packed right block (1 MB) is read once for each packed left one, ahead of use.</summary>
    public const int MaxColumns = 1056;

    /// <summary>Blocks as large as they can be while there are tickets for everyone: each ticket packs for itself what it multiplies.</summary>
    public static ProductBlocks For(GemmBlocking tile, int m, int n, int lanes)
    {
        int rows = m, columns = Even(n, Math.Max(1, (n + MaxColumns - 1) / MaxColumns), tile.Columns);
        // Three tickets per lane even out machines with fast and slow processors. The longer side is halved first: packing costs least then.
        while (lanes > 1 && (long)Count(m, rows) * Count(n, columns) < 3L * lanes && (rows > 2 * tile.Rows || columns > tile.Columns))
        {
            if (rows > columns || columns <= tile.Columns)
                rows = Even(m, Count(m, rows) + 1, tile.Rows);
            else
                columns = Even(n, Count(n, columns) + 1, tile.Columns);
        }

        return new ProductBlocks(rows, columns);
    }

    /// <summary>How many blocks cover an extent.</summary>
    public static int Count(int extent, int block) => (extent + block - 1) / block;

    /// <summary>The block of whole tiles that covers an extent in at most that many parts.</summary>
    static int Even(int extent, int parts, int tile) => Count(Count(extent, parts), tile) * tile;
}
