using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The innermost loop of the way back to a picture: weights are broadcast, pixels of a line lie along the vectors.</summary>
/// <remarks>
/// <para>sums[row][pixel] = sum over segments and depth of filters[depth][row] * lines[depth][pixel], for 1 to 4 rows (channels of the picture) by 1 to 4
/// vectors of pixels. Step of the source goes from one depth to the next, which is a line of another channel.</para>
/// <para>Order: each sum is one chain of fused multiply-adds from +0, segments in order, depth ascending within a segment.</para>
/// <para>Registers: 4 x 4 accumulators + 4 of pixels + 1 broadcast = 21 of 32 (AVX-512); 3 x 3 + 3 + 1 = 13 or 4 x 2 + 2 + 1 = 11 of 16 (AVX2).</para>
/// </remarks>
internal static unsafe class DirectPictureTile
{
    /// <summary>Most rows.</summary>
    public const int Rows = 4;

    /// <summary>Vectors of the widest tile of that many rows.</summary>
    public static int MostColumns(int width, int rows) => width == 16 ? 4 : rows < Rows ? 3 : 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(int rows, int columns, in TileSource source, byte* at, float* filters, float* sums, nint sumsStep)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        switch (rows)
        {
            case 1:
                OfRows<TS, TV, One>(columns, source, at, filters, sums, sumsStep);
                break;
            case 2:
                OfRows<TS, TV, Two>(columns, source, at, filters, sums, sumsStep);
                break;
            case 3:
                OfRows<TS, TV, Three>(columns, source, at, filters, sums, sumsStep);
                break;
            default:
                OfRows<TS, TV, Four>(columns, source, at, filters, sums, sumsStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OfRows<TS, TV, TRows>(int columns, in TileSource source, byte* at, float* filters, float* sums, nint sumsStep)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount
    {
        switch (columns)
        {
            case 1:
                Tile<TS, TV, TRows, One>(source, at, filters, sums, sumsStep);
                break;
            case 2:
                Tile<TS, TV, TRows, Two>(source, at, filters, sums, sumsStep);
                break;
            case 3 when TS.Width == 16 || TRows.Count < Rows:
                Tile<TS, TV, TRows, Three>(source, at, filters, sums, sumsStep);
                break;
            case 4 when TS.Width == 16:
                Tile<TS, TV, TRows, Four>(source, at, filters, sums, sumsStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<TS, TV, TRows, TColumns>(in TileSource source, byte* at, float* filters, float* sums, nint sumsStep)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount where TColumns : struct, ICount
    {
        TV c00 = default, c01 = default, c02 = default, c03 = default;
        TV c10 = default, c11 = default, c12 = default, c13 = default;
        TV c20 = default, c21 = default, c22 = default, c23 = default;
        TV c30 = default, c31 = default, c32 = default, c33 = default;
        nint step = source.Step;
        nint* offsets = source.Offsets;
        int full = source.Segments, segments = full + source.ShortSegments, depth = source.Depth, shortDepth = source.ShortDepth;
        for (int segment = 0; segment < segments; segment++)
        {
            byte* line = at + offsets[segment];
            int k = segment < full ? depth : shortDepth;
            do
            {
                TV p0 = TS.Load((float*)line);
                TV p1 = TColumns.Count > 1 ? TS.Load((float*)line + TS.Width) : default;
                TV p2 = TColumns.Count > 2 ? TS.Load((float*)line + 2 * TS.Width) : default;
                TV p3 = TColumns.Count > 3 ? TS.Load((float*)line + 3 * TS.Width) : default;
                if (TRows.Count > 0) Step<TS, TV, TColumns>(filters, p0, p1, p2, p3, ref c00, ref c01, ref c02, ref c03);
                if (TRows.Count > 1) Step<TS, TV, TColumns>(filters + 1, p0, p1, p2, p3, ref c10, ref c11, ref c12, ref c13);
                if (TRows.Count > 2) Step<TS, TV, TColumns>(filters + 2, p0, p1, p2, p3, ref c20, ref c21, ref c22, ref c23);
                if (TRows.Count > 3) Step<TS, TV, TColumns>(filters + 3, p0, p1, p2, p3, ref c30, ref c31, ref c32, ref c33);
                line += step;
                filters += TRows.Count;
            }
            while (--k > 0);
        }

        if (TRows.Count > 0) Store<TS, TV, TColumns>(sums, c00, c01, c02, c03);
        if (TRows.Count > 1) Store<TS, TV, TColumns>(sums + sumsStep, c10, c11, c12, c13);
        if (TRows.Count > 2) Store<TS, TV, TColumns>(sums + 2 * sumsStep, c20, c21, c22, c23);
        if (TRows.Count > 3) Store<TS, TV, TColumns>(sums + 3 * sumsStep, c30, c31, c32, c33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TS, TV, TColumns>(float* weight, TV p0, TV p1, TV p2, TV p3, ref TV c0, ref TV c1, ref TV c2, ref TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TV x = TS.Broadcast(*weight);
        c0 = TS.Fma(x, p0, c0);
        if (TColumns.Count > 1) c1 = TS.Fma(x, p1, c1);
        if (TColumns.Count > 2) c2 = TS.Fma(x, p2, c2);
        if (TColumns.Count > 3) c3 = TS.Fma(x, p3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TS, TV, TColumns>(float* sums, TV c0, TV c1, TV c2, TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TS.Store(sums, c0);
        if (TColumns.Count > 1) TS.Store(sums + TS.Width, c1);
        if (TColumns.Count > 2) TS.Store(sums + 2 * TS.Width, c2);
        if (TColumns.Count > 3) TS.Store(sums + 3 * TS.Width, c3);
    }
}
