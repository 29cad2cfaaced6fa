using System.Runtime.CompilerServices;
using Preimage.Cpu.Gemm;

namespace Preimage.Cpu.Convolution;

/// <summary>Lays out the values that a panel of grid points reads, in the order of <see cref="TapOrder"/>: im2col, one panel at a time.</summary>
internal static unsafe class TapGather
{
    /// <summary>Fills to[position - from][point] for positions [from, to) of the sum and <paramref name="count"/> grid points.</summary>
    /// <param name="grid">The sweep.</param>
    /// <param name="source">Planes of the group's first channel.</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="point">The first grid point, row-major.</param>
    /// <param name="count">Points, at most <paramref name="stride"/>.</param>
    /// <param name="padded">Points up to which zeros are written.</param>
    /// <param name="first">The first position.</param>
    /// <param name="last">One past the last position.</param>
    /// <param name="panel">Where it goes.</param>
    /// <param name="stride">Floats from one position to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(TapGrid grid, float* source, int channels, int point, int count, int padded, int first, int last, float* panel, int stride)
    {
        int taps = grid.Taps, tapsX = grid.TapsX.Length;
        nint plane = (nint)grid.SourceH * grid.SourceW;
        if (padded > count)
            ClearColumns(panel, last - first, count, padded, stride);
        for (int position = first; position < last;)
        {
            int block = position / (TapOrder.Block * taps) * TapOrder.Block;
            int width = Math.Min(TapOrder.Block, channels - block);
            int within = position - block * taps;
            int tap = within / width, channel = within % width;
            int run = Math.Min(width - channel, last - position);
            float* from = source + (block + channel) * plane;
            float* to = panel + (nint)(position - first) * stride;
            for (int done = 0; done < count;)
            {
                int y = (point + done) / grid.GridW, x = (point + done) % grid.GridW;
                int length = Math.Min(grid.GridW - x, count - done);
                Row(grid, from, plane, run, y, x, length, tap / tapsX, tap % tapsX, to + done, stride);
                done += length;
            }

            position += run;
        }
    }

    /// <summary>One tap of a run of channels for grid points of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(TapGrid grid, float* source, nint plane, int channels, int y, int x, int length, int tapY, int tapX, float* to, int stride)
    {
        int row = y * grid.StepY + grid.OffsetsY[tapY], offset = grid.OffsetsX[tapX], step = grid.StepX;
        int begin = 0, end = 0;
        if ((uint)row < (uint)grid.SourceH)
        {
            // Points whose column is inside: 0 <= (x + i) * step + offset < SourceW.
            begin = Math.Clamp(CeilingDivide(-offset, step) - x, 0, length);
            end = Math.Clamp(CeilingDivide(grid.SourceW - offset, step) - x, begin, length);
        }

        float* from = source + (nint)row * grid.SourceW + (nint)(x + begin) * step + offset;
        for (int c = 0; c < channels; c++, to += stride, from += plane)
        {
            for (int i = 0; i < begin; i++)
                to[i] = 0;
            if (step == 1)
            {
                PanelPacking.Copy(from, to + begin, end - begin);
            }
            else
            {
                float* value = from;
                for (int i = begin; i < end; i++, value += step)
                    to[i] = *value;
            }

            for (int i = end; i < length; i++)
                to[i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void ClearColumns(float* panel, int rows, int begin, int end, int stride)
    {
        for (int row = 0; row < rows; row++, panel += stride)
        {
            for (int i = begin; i < end; i++)
                panel[i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int CeilingDivide(int a, int b) => a >= 0 ? (a + b - 1) / b : -(-a / b);
}
