namespace Preimage.Cpu.Convolution;

/// <summary>The order in which every gradient of filters adds up: dw[k][c][r][s] = sum over samples, output rows i and output columns j of
/// x[n][c][i * stride + r * dilation - pad][...] * dy[n][k][i][j].</summary>
/// <remarks>
/// <para>The sum is cut into chunks of about <see cref="Pixels"/> outputs that follow from OutH and OutW alone: equal bands of rows of a sample, or,
/// where a plane is small, several whole samples. A chunk is one chain of fused multiply-adds, fma(x, dy, sum), from +0, n, i and j ascending;
/// the total is +0 plus the chunks, one after the other. It depends neither on threads nor on the width of vectors, and a sample more adds
/// at the end.</para>
/// <para>A tap outside the plane takes no part. (With the value +0 it would not change a bit as long as dy is finite: a sum of zero is +0 once it was
/// added to the total. Pictures are read so.)</para>
/// </remarks>
/// <param name="Rows">Output rows of a chunk.</param>
/// <param name="Samples">Samples of a chunk; more than 1 only where it has all rows.</param>
/// <param name="Bands">Chunks of a sample, 1 where chunks have whole samples.</param>
/// <param name="OutH">Output rows of a sample.</param>
internal readonly record struct FilterGradientOrder(int Rows, int Samples, int Bands, int OutH)
{
    /// <summary>Outputs of a chunk: 32 channels of them are 32 KB, which leaves the first-level cache room for the inputs.</summary>
    public const int Pixels = 256;

    public static FilterGradientOrder Of(in ConvolutionGeometry g)
    {
        long plane = (long)g.OutH * g.OutW;
        int bands = (int)Math.Clamp((plane + Pixels - 1) / Pixels, 1, g.OutH), rows = (g.OutH + bands - 1) / bands;
        return new FilterGradientOrder(rows, bands > 1 ? 1 : (int)Math.Max(Pixels / plane, 1), (g.OutH + rows - 1) / rows, g.OutH);
    }

    /// <summary>Most outputs of a chunk.</summary>
    public int MostPixels(int outW) => Rows * Samples * outW;

    /// <summary>Chunks of that many samples.</summary>
    public int Count(int samples) => checked((samples + Samples - 1) / Samples * Bands);

    /// <summary>One of them.</summary>
    public FilterGradientChunk this[int index, int samples]
    {
        get
        {
            int sample = index / Bands * Samples, row = index % Bands * Rows;
            return new FilterGradientChunk(sample, Math.Min(sample + Samples, samples), row, Math.Min(row + Rows, OutH));
        }
    }

    /// <summary>The outputs whose tap lies inside: 0 &lt;= i * stride + offset &lt; extent.</summary>
    /// <param name="first">The first output looked at.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="offset">Tap times dilation less padding.</param>
    /// <param name="extent">Rows or columns of the plane.</param>
    public static (int First, int End) Inside(int first, int end, int stride, int offset, int extent)
    {
        first = Math.Max(first, offset >= 0 ? 0 : (stride - 1 - offset) / stride);
        return (first, Math.Max(first, Math.Min(end, extent - offset <= 0 ? 0 : (extent - offset + stride - 1) / stride)));
    }
}

/// <summary>Outputs whose products are one chain.</summary>
internal readonly record struct FilterGradientChunk(int Sample, int EndSample, int Row, int EndRow);
