using Preimage.Cpu.Convolution;

namespace Preimage.Cpu.Blocked;

/// <summary>Where the sweeps of a convolution find what they read: the source in place, or copies of its rows with zeros around them.</summary>
/// <remarks>
/// A source is planes of pixels: blocks of 16 lanes, or channels of one. All sweeps (the phases of an adjoint) see the same copy, as wide as the
/// widest of them reads: [plane][row][column][lane], the first row and column at the smallest offset of any tap.
/// </remarks>
internal sealed unsafe class DirectSource
{
    readonly int _height, _width, _stepY, _top, _left, _bottom;
    readonly int _columns;

    /// <summary>Describes what some sweeps read.</summary>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="planes">Planes a sum runs over: those of one group of the convolution.</param>
    /// <param name="lanes">Floats of a pixel: 16, or 1 of a planar source.</param>
    public DirectSource(TapGrid[] sweeps, int planes, int lanes)
    {
        (Planes, Lanes) = (planes, lanes);
        (_height, _width, _stepY) = (sweeps[0].SourceH, sweeps[0].SourceW, sweeps[0].StepY);
        GridH = sweeps.Max(grid => grid.GridH);
        TapGrid[] reading = [.. sweeps.Where(grid => grid.Taps > 0)];
        if (reading.Length > 0)
        {
            _top = reading.Min(grid => grid.OffsetsY.Min());
            _left = reading.Min(grid => grid.OffsetsX.Min());
            _bottom = reading.Max(grid => grid.OffsetsY.Max());
            int last = reading.Max(grid => (grid.GridH - 1) * grid.StepY + grid.OffsetsY.Max());
            int right = reading.Max(grid => (grid.GridW - 1) * grid.StepX + grid.OffsetsX.Max());
            _columns = right - _left + 1;
            InPlace = _top >= 0 && _left >= 0 && last < _height && right < _width;
        }
        else
        {
            InPlace = true;
        }

        if (InPlace)
            (_top, _left, _columns) = (0, 0, _width);
    }

    public int Planes { get; }

    public int Lanes { get; }

    /// <summary>Grid rows of the tallest sweep.</summary>
    public int GridH { get; }

    /// <summary>Whether no sweep reads beyond the plane.</summary>
    public bool InPlace { get; }

    /// <summary>Bytes of a pixel.</summary>
    public nint Pixel => Lanes * sizeof(float);

    /// <summary>Bytes from a row to the next.</summary>
    public nint RowStep => _columns * Pixel;

    /// <summary>Bytes from a grid row to the next.</summary>
    public nint GridRowStep => _stepY * RowStep;

    /// <summary>Bytes of a plane of the source itself.</summary>
    public nint SourcePlane => (nint)_height * _width * Pixel;

    /// <summary>Bytes of a plane of copies for that many grid rows.</summary>
    public nint CopiedPlane(int gridRows) => Rows(gridRows) * RowStep;

    /// <summary>Offset of a tap from the place of its grid point, which is that of offset (0, 0) in place and of the smallest offsets in a copy.</summary>
    public nint Tap(int offsetY, int offsetX) => (offsetY - _top) * RowStep + (offsetX - _left) * Pixel;

    /// <summary>Copies what some grid rows read of some planes.</summary>
    /// <param name="source">The first of those planes.</param>
    /// <param name="planes">How many.</param>
    /// <param name="gridRow">The first grid row.</param>
    /// <param name="gridRows">How many the copy is for.</param>
    /// <param name="copied">The copy, of planes for <paramref name="pitchRows"/> grid rows.</param>
    /// <param name="pitchRows">At least <paramref name="gridRows"/>.</param>
    public void Copy(byte* source, int planes, int gridRow, int gridRows, byte* copied, int pitchRows)
    {
        int first = gridRow * _stepY + _top, rows = Rows(gridRows);
        int begin = Math.Clamp(-_left, 0, _columns), end = Math.Clamp(_width - _left, begin, _columns);
        nint row = RowStep, sourceRow = _width * Pixel, pitch = CopiedPlane(pitchRows), plane = SourcePlane;
        int left = (int)(begin * Pixel), inside = (int)((end - begin) * Pixel), right = (int)((_columns - end) * Pixel);
        nint skip = (begin + _left) * Pixel;
        for (int p = 0; p < planes; p++, source += plane, copied += pitch)
        {
            for (int i = 0; i < rows; i++)
            {
                byte* to = copied + i * row;
                if ((uint)(first + i) >= (uint)_height || inside == 0)
                {
                    new Span<byte>(to, (int)row).Clear();
                    continue;
                }

                if (left > 0)
                    new Span<byte>(to, left).Clear();
                new ReadOnlySpan<byte>(source + (first + i) * sourceRow + skip, inside).CopyTo(new Span<byte>(to + left, inside));
                if (right > 0)
                    new Span<byte>(to + left + inside, right).Clear();
            }
        }
    }

    int Rows(int gridRows) => (gridRows - 1) * _stepY + _bottom - _top + 1;
}
