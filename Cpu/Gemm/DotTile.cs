using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>The innermost loop of <see cref="DotProduct"/>: TRows rows of weights times TSamples samples, both read along the sum.</summary>
/// <remarks>
/// <para>Each accumulator is a vector of partial sums of one output: lane j of what starts at w and x takes elements j, 16 + j, 32 + j, ... A vector
/// of fewer than 16 lanes sees only its part of them; the caller runs it for each. Sums lie [sample][row][16].</para>
/// <para>Order: fma(w, x, acc), ascending, from +0 or, when <c>resume</c> is set, from what the sums hold; stopping and resuming leaves the bits.</para>
/// <para>Registers: TRows * TSamples accumulators + TRows of w + 1 of x: 24 + 4 + 1 of 32 (AVX-512, NEON), 8 + 4 + 1 of 16 (AVX2). The depth is a multiple
/// of 16. All addresses go by one index that ends at 0, so that ten streams and the one fetched ahead find general registers.</para>
/// </remarks>
internal static unsafe class DotTile
{
    /// <param name="ahead">Where to fetch into the caches what comes next, in floats from each row of w.</param>
    /// <param name="aheadStep">How much further that is after each 16 elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TRows, TSamples>(nint depth, float* w, nint ldw, float* x, nint ldx, float* sums, nint ldSums, bool resume,
        nint ahead, nint aheadStep)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount where TSamples : struct, ICount
    {
        TV c00 = default, c10 = default, c20 = default, c30 = default;
        TV c01 = default, c11 = default, c21 = default, c31 = default;
        TV c02 = default, c12 = default, c22 = default, c32 = default;
        TV c03 = default, c13 = default, c23 = default, c33 = default;
        TV c04 = default, c14 = default, c24 = default, c34 = default;
        TV c05 = default, c15 = default, c25 = default, c35 = default;
        if (resume)
        {
            if (TSamples.Count > 0) Load<TS, TV, TRows>(sums, out c00, out c10, out c20, out c30);
            if (TSamples.Count > 1) Load<TS, TV, TRows>(sums + ldSums, out c01, out c11, out c21, out c31);
            if (TSamples.Count > 2) Load<TS, TV, TRows>(sums + 2 * ldSums, out c02, out c12, out c22, out c32);
            if (TSamples.Count > 3) Load<TS, TV, TRows>(sums + 3 * ldSums, out c03, out c13, out c23, out c33);
            if (TSamples.Count > 4) Load<TS, TV, TRows>(sums + 4 * ldSums, out c04, out c14, out c24, out c34);
            if (TSamples.Count > 5) Load<TS, TV, TRows>(sums + 5 * ldSums, out c05, out c15, out c25, out c35);
        }

        float* w0 = w + depth, w1 = w0 + ldw, w2 = w1 + ldw, w3 = w2 + ldw;
        float* x0 = x + depth, x1 = x0 + ldx, x2 = x1 + ldx, x3 = x2 + ldx, x4 = x3 + ldx, x5 = x4 + ldx;
        nint fetched = ahead - depth;
        for (nint p = -depth; p < 0; p += DotProduct.Partials)
        {
            Prefetch.Line(w0 + fetched);
            if (TRows.Count > 1) Prefetch.Line(w1 + fetched);
            if (TRows.Count > 2) Prefetch.Line(w2 + fetched);
            if (TRows.Count > 3) Prefetch.Line(w3 + fetched);
            fetched += aheadStep;
            TV r0 = TS.Load(w0 + p);
            TV r1 = TRows.Count > 1 ? TS.Load(w1 + p) : default;
            TV r2 = TRows.Count > 2 ? TS.Load(w2 + p) : default;
            TV r3 = TRows.Count > 3 ? TS.Load(w3 + p) : default;
            if (TSamples.Count > 0) Step<TS, TV, TRows>(TS.Load(x0 + p), r0, r1, r2, r3, ref c00, ref c10, ref c20, ref c30);
            if (TSamples.Count > 1) Step<TS, TV, TRows>(TS.Load(x1 + p), r0, r1, r2, r3, ref c01, ref c11, ref c21, ref c31);
            if (TSamples.Count > 2) Step<TS, TV, TRows>(TS.Load(x2 + p), r0, r1, r2, r3, ref c02, ref c12, ref c22, ref c32);
            if (TSamples.Count > 3) Step<TS, TV, TRows>(TS.Load(x3 + p), r0, r1, r2, r3, ref c03, ref c13, ref c23, ref c33);
            if (TSamples.Count > 4) Step<TS, TV, TRows>(TS.Load(x4 + p), r0, r1, r2, r3, ref c04, ref c14, ref c24, ref c34);
            if (TSamples.Count > 5) Step<TS, TV, TRows>(TS.Load(x5 + p), r0, r1, r2, r3, ref c05, ref c15, ref c25, ref c35);
        }

        if (TSamples.Count > 0) Store<TS, TV, TRows>(sums, c00, c10, c20, c30);
        if (TSamples.Count > 1) Store<TS, TV, TRows>(sums + ldSums, c01, c11, c21, c31);
        if (TSamples.Count > 2) Store<TS, TV, TRows>(sums + 2 * ldSums, c02, c12, c22, c32);
        if (TSamples.Count > 3) Store<TS, TV, TRows>(sums + 3 * ldSums, c03, c13, c23, c33);
        if (TSamples.Count > 4) Store<TS, TV, TRows>(sums + 4 * ldSums, c04, c14, c24, c34);
        if (TSamples.Count > 5) Store<TS, TV, TRows>(sums + 5 * ldSums, c05, c15, c25, c35);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TS, TV, TRows>(TV x, TV r0, TV r1, TV r2, TV r3, ref TV c0, ref TV c1, ref TV c2, ref TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount
    {
        c0 = TS.Fma(r0, x, c0);
        if (TRows.Count > 1) c1 = TS.Fma(r1, x, c1);
        if (TRows.Count > 2) c2 = TS.Fma(r2, x, c2);
        if (TRows.Count > 3) c3 = TS.Fma(r3, x, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Load<TS, TV, TRows>(float* sums, out TV c0, out TV c1, out TV c2, out TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount
    {
        c0 = TS.Load(sums);
        c1 = TRows.Count > 1 ? TS.Load(sums + DotProduct.Partials) : default;
        c2 = TRows.Count > 2 ? TS.Load(sums + 2 * DotProduct.Partials) : default;
        c3 = TRows.Count > 3 ? TS.Load(sums + 3 * DotProduct.Partials) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TS, TV, TRows>(float* sums, TV c0, TV c1, TV c2, TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount
    {
        TS.Store(sums, c0);
        if (TRows.Count > 1) TS.Store(sums + DotProduct.Partials, c1);
        if (TRows.Count > 2) TS.Store(sums + 2 * DotProduct.Partials, c2);
        if (TRows.Count > 3) TS.Store(sums + 3 * DotProduct.Partials, c3);
    }
}
