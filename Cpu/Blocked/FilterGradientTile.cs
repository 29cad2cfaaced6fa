using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The innermost loop of gradients of filters in blocked layout: inputs are broadcast, output channels lie along the vectors.</summary>
/// <remarks>
/// <para>sums[row][column] += sum over samples, rows and columns of x[pixel][row] * dy[pixel][column], for TRows adjacent floats of an input pixel (channels
/// of a block, or taps of a patch) and 1 or 2 vectors of output channels held in registers. The two vectors lie
/// <see cref="FilterGradientWalk.SignalBlock"/> bytes apart: two blocks of AVX-512, and two halves or quarters of one elsewhere.</para>
/// <para>Order: each sum is one chain of fused multiply-adds, fma(x, dy, sum), from +0, pixels in the order of the walk, which is then added to what
/// sums holds. Sums that started as +0 are never -0, whichever zero a chain ends in.</para>
/// <para>Each pixel asks for one line of <see cref="FilterGradientWalk.Ahead"/>; who names nothing asks for what is there already.</para>
/// <para>Registers: 8 x 2 accumulators + 2 of dy + 1 broadcast = 19 of 32 (blocks, AVX-512), 14 x 2 + 3 = 31 (patches), 16 x 1 + 2 (one block left);
/// 4 x 2 + 3 = 11 of 16 (AVX2). Rows beyond TRows and the second column are removed by the compiler. Two accumulators per broadcast leave 10 loads
/// to 16 multiply-adds, and 16 chains are twice what their latency asks for.</para>
/// </remarks>
internal static unsafe class FilterGradientTile
{
    /// <param name="walk">The pixels.</param>
    /// <param name="x">The first row's float of the first pixel.</param>
    /// <param name="dy">The first vector of the first output.</param>
    /// <param name="sums">The first row of sums.</param>
    /// <param name="sumsStep">Floats between rows of sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TRows, TColumns>(in FilterGradientWalk walk, byte* x, byte* dy, float* sums, nint sumsStep)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount where TColumns : struct, ICount
    {
        TV c000 = default, c001 = default;
        TV c010 = default, c011 = default;
        TV c020 = default, c021 = default;
        TV c030 = default, c031 = default;
        TV c040 = default, c041 = default;
        TV c050 = default, c051 = default;
        TV c060 = default, c061 = default;
        TV c070 = default, c071 = default;
        TV c080 = default, c081 = default;
        TV c090 = default, c091 = default;
        TV c100 = default, c101 = default;
        TV c110 = default, c111 = default;
        TV c120 = default, c121 = default;
        TV c130 = default, c131 = default;
        TV c140 = default, c141 = default;
        TV c150 = default, c151 = default;
        nint pixel = walk.SourcePixel, second = TS.Width == BlockedLayout.Lanes ? walk.SignalBlock : TS.Width * sizeof(float);
        byte* ahead = walk.Ahead == null ? dy : walk.Ahead;
        nint aheadStep = walk.AheadStep;
        for (int sample = 0; sample < walk.Samples; sample++)
        {
            byte* a = x + sample * walk.SourceSample, b = dy + sample * walk.SignalSample;
            for (int row = 0; row < walk.Rows; row++)
            {
                byte* p = a, q = b;
                int k = walk.Columns;
                do
                {
                    TV d0 = TS.Load((float*)q);
                    TV d1 = TColumns.Count > 1 ? TS.Load((float*)(q + second)) : default;
                    if (TRows.Count > 0) Step<TS, TV, TColumns>((float*)p, d0, d1, ref c000, ref c001);
                    if (TRows.Count > 1) Step<TS, TV, TColumns>((float*)p + 1, d0, d1, ref c010, ref c011);
                    if (TRows.Count > 2) Step<TS, TV, TColumns>((float*)p + 2, d0, d1, ref c020, ref c021);
                    if (TRows.Count > 3) Step<TS, TV, TColumns>((float*)p + 3, d0, d1, ref c030, ref c031);
                    if (TRows.Count > 4) Step<TS, TV, TColumns>((float*)p + 4, d0, d1, ref c040, ref c041);
                    if (TRows.Count > 5) Step<TS, TV, TColumns>((float*)p + 5, d0, d1, ref c050, ref c051);
                    if (TRows.Count > 6) Step<TS, TV, TColumns>((float*)p + 6, d0, d1, ref c060, ref c061);
                    if (TRows.Count > 7) Step<TS, TV, TColumns>((float*)p + 7, d0, d1, ref c070, ref c071);
                    if (TRows.Count > 8) Step<TS, TV, TColumns>((float*)p + 8, d0, d1, ref c080, ref c081);
                    if (TRows.Count > 9) Step<TS, TV, TColumns>((float*)p + 9, d0, d1, ref c090, ref c091);
                    if (TRows.Count > 10) Step<TS, TV, TColumns>((float*)p + 10, d0, d1, ref c100, ref c101);
                    if (TRows.Count > 11) Step<TS, TV, TColumns>((float*)p + 11, d0, d1, ref c110, ref c111);
                    if (TRows.Count > 12) Step<TS, TV, TColumns>((float*)p + 12, d0, d1, ref c120, ref c121);
                    if (TRows.Count > 13) Step<TS, TV, TColumns>((float*)p + 13, d0, d1, ref c130, ref c131);
                    if (TRows.Count > 14) Step<TS, TV, TColumns>((float*)p + 14, d0, d1, ref c140, ref c141);
                    if (TRows.Count > 15) Step<TS, TV, TColumns>((float*)p + 15, d0, d1, ref c150, ref c151);
                    if (Sse.IsSupported)
                        Sse.Prefetch1(ahead);
                    ahead += aheadStep;
                    p += pixel;
                    q += BlockedLayout.Lanes * sizeof(float);
                }
                while (--k > 0);
                a += walk.SourceRow;
                b += walk.SignalRow;
            }
        }

        if (TRows.Count > 0) Add<TS, TV, TColumns>(sums, c000, c001);
        if (TRows.Count > 1) Add<TS, TV, TColumns>(sums + sumsStep, c010, c011);
        if (TRows.Count > 2) Add<TS, TV, TColumns>(sums + 2 * sumsStep, c020, c021);
        if (TRows.Count > 3) Add<TS, TV, TColumns>(sums + 3 * sumsStep, c030, c031);
        if (TRows.Count > 4) Add<TS, TV, TColumns>(sums + 4 * sumsStep, c040, c041);
        if (TRows.Count > 5) Add<TS, TV, TColumns>(sums + 5 * sumsStep, c050, c051);
        if (TRows.Count > 6) Add<TS, TV, TColumns>(sums + 6 * sumsStep, c060, c061);
        if (TRows.Count > 7) Add<TS, TV, TColumns>(sums + 7 * sumsStep, c070, c071);
        if (TRows.Count > 8) Add<TS, TV, TColumns>(sums + 8 * sumsStep, c080, c081);
        if (TRows.Count > 9) Add<TS, TV, TColumns>(sums + 9 * sumsStep, c090, c091);
        if (TRows.Count > 10) Add<TS, TV, TColumns>(sums + 10 * sumsStep, c100, c101);
        if (TRows.Count > 11) Add<TS, TV, TColumns>(sums + 11 * sumsStep, c110, c111);
        if (TRows.Count > 12) Add<TS, TV, TColumns>(sums + 12 * sumsStep, c120, c121);
        if (TRows.Count > 13) Add<TS, TV, TColumns>(sums + 13 * sumsStep, c130, c131);
        if (TRows.Count > 14) Add<TS, TV, TColumns>(sums + 14 * sumsStep, c140, c141);
        if (TRows.Count > 15) Add<TS, TV, TColumns>(sums + 15 * sumsStep, c150, c151);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TS, TV, TColumns>(float* value, TV d0, TV d1, ref TV c0, ref TV c1)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TV x = TS.Broadcast(*value);
        c0 = TS.Fma(x, d0, c0);
        if (TColumns.Count > 1) c1 = TS.Fma(x, d1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<TS, TV, TColumns>(float* sums, TV c0, TV c1)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        TS.Store(sums, TS.Add(TS.Load(sums), c0));
        if (TColumns.Count > 1) TS.Store(sums + TS.Width, TS.Add(TS.Load(sums + TS.Width), c1));
    }
}
