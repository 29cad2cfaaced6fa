using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>A sweep of a depthwise convolution with where its taps lie, told once for all pixels.</summary>
/// <remarks>Offsets are floats from the block at the grid point's own place in the source (row i * StepY, column j * StepX); a tap outside the plane is
/// <see cref="DepthwiseTile.Outside"/>. Most rows have all their tap rows in the plane, most columns all their tap columns: for those rows the offsets are
/// kept, once for the columns inside and once for each column at an edge.</remarks>
internal sealed unsafe class DepthwiseSweep : IDisposable
{
    readonly AlignedBuffer _offsets;

    public DepthwiseSweep(TapGrid grid)
    {
        Grid = grid;
        Taps = grid.Taps;
        (FirstRow, EndRow) = Inside(grid.OffsetsY, grid.StepY, grid.SourceH, grid.GridH);
        (FirstColumn, EndColumn) = Inside(grid.OffsetsX, grid.StepX, grid.SourceW, grid.GridW);
        _offsets = new AlignedBuffer((1L + FirstColumn + grid.GridW - EndColumn) * Taps * sizeof(nint));
        Fill(FirstRow, FirstColumn, EndRow > FirstRow, EndColumn > FirstColumn, Offsets);
        for (int j = NextEdge(-1); j < grid.GridW; j = NextEdge(j))
            Fill(FirstRow, j, EndRow > FirstRow, false, AtEdge(j));
    }

    public TapGrid Grid { get; }

    public int Taps { get; }

    /// <summary>Rows from here to the end have all their tap rows in the plane.</summary>
    public int FirstRow { get; }

    public int EndRow { get; }

    public int FirstColumn { get; }

    public int EndColumn { get; }

    /// <summary>Offsets of a pixel all of whose taps are in the plane.</summary>
    public nint* Offsets => (nint*)_offsets.Address;

    /// <summary>Offsets of a pixel at the left or right edge, all of whose tap rows are in the plane.</summary>
    public nint* AtEdge(int column) => Offsets + (nint)(1 + (column < FirstColumn ? column : FirstColumn + column - EndColumn)) * Taps;

    /// <summary>The next column with taps outside the plane.</summary>
    public int NextEdge(int column) => column + 1 >= FirstColumn && column + 1 < EndColumn ? EndColumn : column + 1;

    /// <summary>Offsets of any pixel.</summary>
    public void Fill(int row, int column, nint* offsets) => Fill(row, column, false, false, offsets);

    public void Dispose() => _offsets.Dispose();

    void Fill(int row, int column, bool rowsInside, bool columnsInside, nint* offsets)
    {
        foreach (int y in Grid.OffsetsY)
        foreach (int x in Grid.OffsetsX)
        {
            bool inside = (rowsInside || (uint)(row * Grid.StepY + y) < (uint)Grid.SourceH)
                && (columnsInside || (uint)(column * Grid.StepX + x) < (uint)Grid.SourceW);
            *offsets++ = inside ? ((nint)y * Grid.SourceW + x) * BlockedLayout.Lanes : DepthwiseTile.Outside;
        }
    }

    /// <summary>Where on an axis all taps are in the plane.</summary>
    static (int First, int End) Inside(int[] offsets, int step, int extent, int grid)
    {
        int least = offsets.Length == 0 ? 0 : offsets.Min(), most = offsets.Length == 0 ? 0 : offsets.Max();
        int first = Math.Clamp((-least + step - 1) / step, 0, grid), room = extent - 1 - most;
        return (first, room < 0 ? first : Math.Clamp(room / step + 1, first, grid));
    }
}
