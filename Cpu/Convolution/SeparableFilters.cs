namespace Preimage.Cpu.Convolution;

/// <summary>Filters of one channel per group, each the product of a column and a row: per channel R floats down, then S across.</summary>
internal sealed unsafe class SeparableFilters : IPackedFilters
{
    /// <summary>What a product may be off by, as a part of the filter's largest weight: twice the rounding of a float.</summary>
    const float Rounding = 1.2e-7f;

    readonly AlignedBuffer _buffer;
    readonly int _taps, _rows;

    /// <summary>Splits filters [C][1][R][S].</summary>
    public SeparableFilters(in ConvolutionGeometry g, ReadOnlySpan<float> filters)
    {
        (_rows, _taps) = (g.R, g.R + g.S);
        _buffer = new AlignedBuffer((long)g.C * _taps * sizeof(float));
        for (int c = 0; c < g.C; c++)
            Split(filters.Slice(c * g.R * g.S, g.R * g.S), g.S, new Span<float>(Column(c), g.R), new Span<float>(Row(c), g.S));
    }

    public long Bytes => _buffer.Bytes;

    /// <summary>Whether all filters are such products, to rounding.</summary>
    public static bool Are(in ConvolutionGeometry g, ReadOnlySpan<float> filters)
    {
        float[] column = new float[g.R], row = new float[g.S];
        for (int c = 0; c < g.C; c++)
        {
            ReadOnlySpan<float> filter = filters.Slice(c * g.R * g.S, g.R * g.S);
            float largest = Split(filter, g.S, column, row);
            for (int i = 0; i < filter.Length; i++)
            {
                // Not-a-number is no product.
                if (!(MathF.Abs(column[i / g.S] * row[i % g.S] - filter[i]) <= Rounding * largest))
                    return false;
            }
        }

        return true;
    }

    /// <summary>R weights down the rows.</summary>
    public float* Column(int channel) => _buffer.Floats + (nint)channel * _taps;

    /// <summary>S weights across the columns.</summary>
    public float* Row(int channel) => Column(channel) + _rows;

    public void Pack(ReadOnlySpan<float> filters, int lanes) => throw new NotSupportedException("filters packed by their values are not packed again");

    public void Dispose() => _buffer.Dispose();

    /// <summary>The column and the row of the largest weight, the row divided by it; returns its magnitude.</summary>
    static float Split(ReadOnlySpan<float> filter, int width, Span<float> column, Span<float> row)
    {
        int at = 0;
        for (int i = 1; i < filter.Length; i++)
        {
            if (MathF.Abs(filter[i]) > MathF.Abs(filter[at]))
                at = i;
        }

        float most = filter[at];
        for (int r = 0; r < column.Length; r++)
            column[r] = filter[r * width + at % width];
        for (int s = 0; s < row.Length; s++)
            row[s] = most == 0 ? 0 : filter[at / width * width + s] / most;
        return MathF.Abs(most);
    }
}
