using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>Runs blocks of register tiles, choosing the tile that fits the rows and columns left.</summary>
internal static unsafe class TileDispatch
{
    /// <summary>c (+)= a * b for a block: all row panels of a, one column panel of b.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the panel, at most the tile's; b holds whole vectors of them.</param>
    /// <param name="k">Depth of this block.</param>
    /// <param name="a">Row panels, each [depth][panel rows]; this points at the first row panel's first step of this block of depth.</param>
    /// <param name="panelStride">Floats from one row panel to the next.</param>
    /// <param name="skipped">Depth already done: a panel with fewer rows starts that many steps in.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel<TS, TV>(int rows, int columns, nint k, float* a, nint panelStride, nint skipped, float* b, nint ldb,
        float* c, nint ldc, bool resume)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int vectors = (columns + TS.Width - 1) / TS.Width;
        for (int row = 0; row < rows; row += TS.TileRows)
        {
            int panelRows = GemmBlocking.PanelRows(Math.Min(TS.TileRows, rows - row));
            float* panel = a + row / TS.TileRows * panelStride + skipped * panelRows;
            Tile<TS, TV>(panelRows, vectors, k, panel, b, ldb, c + row * ldc, ldc, resume);
        }
    }

    /// <summary>One tile of that many rows (of a packed panel) and vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile<TS, TV>(int rows, int vectors, nint k, float* a, float* b, nint ldb, float* c, nint ldc, bool resume)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (vectors == 3)
            Tile<TS, TV, Three>(rows, k, a, b, ldb, c, ldc, resume);
        else if (vectors == 2)
            Tile<TS, TV, Two>(rows, k, a, b, ldb, c, ldc, resume);
        else
            Tile<TS, TV, One>(rows, k, a, b, ldb, c, ldc, resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TS, TV, TColumns>(int rows, nint k, float* a, float* b, nint ldb, float* c, nint ldc, bool resume)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        switch (rows)
        {
            case 1:
                GemmTile.Run<TS, TV, One, TColumns>(k, a, b, ldb, c, ldc, resume);
                break;
            case 2:
                GemmTile.Run<TS, TV, Two, TColumns>(k, a, b, ldb, c, ldc, resume);
                break;
            case 4:
                GemmTile.Run<TS, TV, Four, TColumns>(k, a, b, ldb, c, ldc, resume);
                break;
            case 6:
                GemmTile.Run<TS, TV, Six, TColumns>(k, a, b, ldb, c, ldc, resume);
                break;
            default:
                GemmTile.Run<TS, TV, Eight, TColumns>(k, a, b, ldb, c, ldc, resume);
                break;
        }
    }
}
