namespace Preimage.Cpu.Gemm;

/// <summary>How a matrix product is cut into blocks. They decide what lies in which cache, never a bit of the result.</summary>
/// <param name="Rows">Rows of a ticket.</param>
/// <param name="Columns">Columns of a ticket, at most <see cref="MaxColumns"/>.</param>
internal readonly record struct ProductBlocks(int Rows, int Columns)
{
    /// <summary>Depth of a block: a panel of the right matrix (36 KB at 48 columns) and one of the left (6 KB) stay in a first-level cache of 48 KB.</summary>
    public const int Depth = 192;

    /// <summary>Rows of the left matrix packed at a time: 192 KB of the second-level cache.</summary>
    public const int LeftRows = 256;

    /// <summary>Most columns of a ticket: its packed right block (800 KB) is read once for each packed left one.</summary>
    public const int MaxColumns = 1056;

    /// <summary>Columns of a ticket where few rows meet columns that lie in memory: each column is then read once and without a break.</summary>
    public const int NarrowColumns = 48;

    /// <summary>Blocks as large as they can be while there are tickets for everyone: each ticket packs for itself what it multiplies.</summary>
    public static ProductBlocks For(GemmBlocking tile, int m, int n, int lanes, bool columnsLie)
    {
        if (columnsLie && m <= 2 * tile.Rows)
            return new ProductBlocks(m, NarrowColumns);
        int rows = m, columns = Even(n, Count(Math.Max(n, 1), MaxColumns), tile.Columns);
        // Three tickets per lane even out machines with fast and slow processors. The longer side is cut first: packing costs least then.
        while (lanes > 1 && (long)Count(m, rows) * Count(n, columns) < 3L * lanes && (rows > 2 * tile.Rows || columns > tile.Columns))
        {
            if (rows > 2 * tile.Rows && (rows > columns || columns <= tile.Columns))
                rows = Smaller(m, rows, tile.Rows);
            else
                columns = Smaller(n, columns, tile.Columns);
        }

        return new ProductBlocks(rows, columns);
    }

    /// <summary>How many blocks cover an extent.</summary>
    public static int Count(int extent, int block) => (extent + block - 1) / block;

    /// <summary>The next smaller block that covers an extent evenly.</summary>
    static int Smaller(int extent, int block, int tile) => Even(extent, Count(extent, block - tile), tile);

    /// <summary>The block of whole tiles that covers an extent in at most that many parts.</summary>
    static int Even(int extent, int parts, int tile) => Count(Count(extent, parts), tile) * tile;
}
