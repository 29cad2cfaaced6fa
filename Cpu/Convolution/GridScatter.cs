using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Convolution;

/// <summary>Adds the bias to sums of grid points and writes them to the plane they belong to.</summary>
internal static unsafe class GridScatter
{
    /// <summary>Writes a run of grid points of one channel.</summary>
    /// <param name="grid">The sweep.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="point">The first grid point, row-major.</param>
    /// <param name="count">How many.</param>
    /// <param name="bias">The channel's bias, or null.</param>
    /// <param name="plane">The channel's plane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(TapGrid grid, float* sums, int point, int count, float* bias, float* plane) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (grid.ToStepX == 1 && grid.ToStepY == 1)
        {
            Add<TS, TV>(sums, plane + point, count, bias);
            return;
        }

        for (int done = 0; done < count;)
        {
            int y = (point + done) / grid.GridW, x = (point + done) % grid.GridW;
            int length = Math.Min(grid.GridW - x, count - done);
            float* to = plane + (nint)(y * grid.ToStepY + grid.ToStartY) * grid.ToW + x * grid.ToStepX + grid.ToStartX;
            Spread(sums + done, length, bias, to, grid.ToStepX);
            done += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Spread(float* sums, int count, float* bias, float* to, nint step)
    {
        float* end = sums + count;
        if (bias == null)
        {
            for (; sums + 4 <= end; sums += 4, to += 4 * step)
            {
                to[0] = sums[0];
                to[step] = sums[1];
                to[2 * step] = sums[2];
                to[3 * step] = sums[3];
            }

            for (; sums < end; sums++, to += step)
                *to = *sums;
            return;
        }

        for (float b = *bias; sums < end; sums++, to += step)
            *to = *sums + b;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Add<TS, TV>(float* sums, float* to, int count, float* bias) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (bias == null)
        {
            new ReadOnlySpan<float>(sums, count).CopyTo(new Span<float>(to, count));
            return;
        }

        TV b = TS.Broadcast(*bias);
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
            TS.Store(to + i, TS.Add(TS.Load(sums + i), b));
        for (; i < count; i++)
            to[i] = sums[i] + *bias;
    }
}
