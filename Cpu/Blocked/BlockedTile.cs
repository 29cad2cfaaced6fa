using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The innermost loop of every convolution in blocked layout, direct or Winograd's: pixels are broadcast, channels lie along the vectors.</summary>
/// <remarks>
/// <para>sums[row][column] = sum over segments and depth of source[row][depth] * filters[depth][column], for 2 * THalf rows by 1 or 2 vectors held in
/// registers. Rows come from two runs of THalf, each with one step between its rows: two rows of a 7-wide plane make a tile, and a tile
/// of 9 to 14 rows in one run lets the runs overlap, so that nothing beyond the run is ever read.</para>
/// <para>Order: each sum is one chain of fused multiply-adds, fma(pixel, filter, sum), from +0, segments in order, depth ascending within a segment.</para>
/// <para>Registers: 14 x 2 accumulators + 2 of filters + 1 broadcast = 31 of 32 (AVX-512); 6 x 2 + 3 = 15 of 16 (AVX2). Rows beyond THalf and the
/// second column are removed by the compiler. Addresses are low or high plus 0 to 6 steps, of which 1, 3 and 5 are in registers and 2, 4 and 6 scale them.</para>
/// <para>Each step of depth asks for one line further ahead, which costs nothing measurable (97 to 99 % of the peak with it, depth 64 to 512); who names
/// nothing asks for filters that are there already.</para>
/// </remarks>
internal static unsafe class BlockedTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, THalf, TColumns>(in TileSource source, byte* low, byte* high, float* filters, float* sums)
        where TS : struct, ISimd<TV> where TV : unmanaged where THalf : struct, ICount where TColumns : struct, ICount
    {
        TV l00 = default, l01 = default;
        TV l10 = default, l11 = default;
        TV l20 = default, l21 = default;
        TV l30 = default, l31 = default;
        TV l40 = default, l41 = default;
        TV l50 = default, l51 = default;
        TV l60 = default, l61 = default;
        TV h00 = default, h01 = default;
        TV h10 = default, h11 = default;
        TV h20 = default, h21 = default;
        TV h30 = default, h31 = default;
        TV h40 = default, h41 = default;
        TV h50 = default, h51 = default;
        TV h60 = default, h61 = default;
        nint s1 = source.Step, s3 = 3 * s1, s5 = 5 * s1;
        nint* offsets = source.Offsets;
        byte* ahead = source.Ahead == null ? (byte*)filters : source.Ahead;
        nint aheadStep = source.AheadStep;
        nint* aheadOffsets = source.AheadOffsets;
        int full = source.Segments, segments = full + source.ShortSegments, depth = source.Depth, shortDepth = source.ShortDepth;
        for (int segment = 0; segment < segments; segment++)
        {
            byte* a = low + offsets[segment], b = high + offsets[segment];
            int k = segment < full ? depth : shortDepth;
            if (aheadOffsets != null)
                ahead = source.Ahead + aheadOffsets[segment];
            do
            {
                TV f0 = TS.Load(filters);
                TV f1 = TColumns.Count > 1 ? TS.Load(filters + TS.Width) : default;
                if (THalf.Count > 0) Step<TS, TV, TColumns>(a, f0, f1, ref l00, ref l01);
                if (THalf.Count > 1) Step<TS, TV, TColumns>(a + s1, f0, f1, ref l10, ref l11);
                if (THalf.Count > 2) Step<TS, TV, TColumns>(a + 2 * s1, f0, f1, ref l20, ref l21);
                if (THalf.Count > 3) Step<TS, TV, TColumns>(a + s3, f0, f1, ref l30, ref l31);
                if (THalf.Count > 4) Step<TS, TV, TColumns>(a + 4 * s1, f0, f1, ref l40, ref l41);
                if (THalf.Count > 5) Step<TS, TV, TColumns>(a + s5, f0, f1, ref l50, ref l51);
                if (THalf.Count > 6) Step<TS, TV, TColumns>(a + 2 * s3, f0, f1, ref l60, ref l61);
                if (THalf.Count > 0) Step<TS, TV, TColumns>(b, f0, f1, ref h00, ref h01);
                if (THalf.Count > 1) Step<TS, TV, TColumns>(b + s1, f0, f1, ref h10, ref h11);
                if (THalf.Count > 2) Step<TS, TV, TColumns>(b + 2 * s1, f0, f1, ref h20, ref h21);
                if (THalf.Count > 3) Step<TS, TV, TColumns>(b + s3, f0, f1, ref h30, ref h31);
                if (THalf.Count > 4) Step<TS, TV, TColumns>(b + 4 * s1, f0, f1, ref h40, ref h41);
                if (THalf.Count > 5) Step<TS, TV, TColumns>(b + s5, f0, f1, ref h50, ref h51);
                if (THalf.Count > 6) Step<TS, TV, TColumns>(b + 2 * s3, f0, f1, ref h60, ref h61);
                if (Sse.IsSupported)
                    Sse.Prefetch1(ahead);
                a += sizeof(float);
                b += sizeof(float);
                ahead += aheadStep;
                filters += TColumns.Count * TS.Width;
            }
            while (--k > 0);
        }

        if (THalf.Count > 0) Store<TS, TV, TColumns>(sums + 0 * SumsStep, l00, l01);
        if (THalf.Count > 1) Store<TS, TV, TColumns>(sums + 1 * SumsStep, l10, l11);
        if (THalf.Count > 2) Store<TS, TV, TColumns>(sums + 2 * SumsStep, l20, l21);
        if (THalf.Count > 3) Store<TS, TV, TColumns>(sums + 3 * SumsStep, l30, l31);
        if (THalf.Count > 4) Store<TS, TV, TColumns>(sums + 4 * SumsStep, l40, l41);
        if (THalf.Count > 5) Store<TS, TV, TColumns>(sums + 5 * SumsStep, l50, l51);
        if (THalf.Count > 6) Store<TS, TV, TColumns>(sums + 6 * SumsStep, l60, l61);
        if (THalf.Count > 0) Store<TS, TV, TColumns>(sums + (THalf.Count + 0) * SumsStep, h00, h01);
        if (THalf.Count > 1) Store<TS, TV, TColumns>(sums + (THalf.Count + 1) * SumsStep, h10, h11);
        if (THalf.Count > 2) Store<TS, TV, TColumns>(sums + (THalf.Count + 2) * SumsStep, h20, h21);
        if (THalf.Count > 3) Store<TS, TV, TColumns>(sums + (THalf.Count + 3) * SumsStep, h30, h31);
        if (THalf.Count > 4) Store<TS, TV, TColumns>(sums + (THalf.Count + 4) * SumsStep, h40, h41);
        if (THalf.Count > 5) Store<TS, TV, TColumns>(sums + (THalf.Count + 5) * SumsStep, h50, h51);
        if (THalf.Count > 6) Store<TS, TV, TColumns>(sums + (THalf.Count + 6) * SumsStep, h60, h61);
    }

    /// <summary>Floats between rows of sums.</summary>
    public const int SumsStep = 2 * BlockedLayout.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TS, TV, TColumns>(byte* pixel, TV f0, TV f1, ref TV c0, ref TV c1)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TV x = TS.Broadcast(*(float*)pixel);
        c0 = TS.Fma(x, f0, c0);
        if (TColumns.Count > 1) c1 = TS.Fma(x, f1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TS, TV, TColumns>(float* sums, TV c0, TV c1)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TS.Store(sums, c0);
        if (TColumns.Count > 1) TS.Store(sums + TS.Width, c1);
    }
}
