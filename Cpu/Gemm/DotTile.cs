using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>The innermost loop of <see cref="DotProduct"/>: some rows of weights times TSamples samples, both read along the sum.</summary>
/// <remarks>
/// <para>A slot is a vector of partial sums of a row: all sixteen (AVX-512), half (AVX2), a quarter (NEON) or one of them (scalar). Four slots are
/// 4, 2 or 1 rows, or for scalars four partial sums of one row, which the caller repeats; fewer slots are a single row. Rows of w have <c>ldw</c> floats
/// between them; x is packed [depth / 16][TSamples][16], which one sample is by itself. Sums lie [sample][row][16].</para>
/// <para>Order: element p goes to partial sum p mod 16 as fma(w, x, acc), p ascending, from +0 or, when <c>resume</c> is set, from what the sums hold;
/// stopping and resuming leaves the bits.</para>
/// <para>Registers: TSlots * TSamples accumulators + TSlots of w + 1, 2 or 4 of x: 24 + 4 + 1 of 32 (AVX-512), 8 + 4 + 2 of 16 (AVX2), 24 + 4 + 4 of 32 (NEON).
/// The depth is a multiple of 16. Each step fetches a line for each row, <c>fetchStride</c> apart.</para>
/// </remarks>
internal static unsafe class DotTile
{
    /// <summary>Slots that make a row, as far as they are held together.</summary>
    public static int SlotsOfRow<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged => TS.Width >= 16 ? 1 : TS.Width == 8 ? 2 : 4;

    /// <param name="fetch">What to fetch into the caches for later.</param>
    /// <param name="fetchStride">Floats between the lines a step fetches.</param>
    /// <param name="fetchStep">Floats from one step's lines to the next one's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TSlots, TSamples>(nint depth, float* w, nint ldw, float* x, float* sums, nint ldSums, bool resume,
        float* fetch, nint fetchStride, nint fetchStep)
        where TS : struct, ISimd<TV> where TV : unmanaged where TSlots : struct, ICount where TSamples : struct, ICount
    {
        TV c00 = default, c10 = default, c20 = default, c30 = default;
        TV c01 = default, c11 = default, c21 = default, c31 = default;
        TV c02 = default, c12 = default, c22 = default, c32 = default;
        TV c03 = default, c13 = default, c23 = default, c33 = default;
        TV c04 = default, c14 = default, c24 = default, c34 = default;
        TV c05 = default, c15 = default, c25 = default, c35 = default;
        if (resume)
        {
            if (TSamples.Count > 0) Load<TS, TV, TSlots>(sums, out c00, out c10, out c20, out c30);
            if (TSamples.Count > 1) Load<TS, TV, TSlots>(sums + ldSums, out c01, out c11, out c21, out c31);
            if (TSamples.Count > 2) Load<TS, TV, TSlots>(sums + 2 * ldSums, out c02, out c12, out c22, out c32);
            if (TSamples.Count > 3) Load<TS, TV, TSlots>(sums + 3 * ldSums, out c03, out c13, out c23, out c33);
            if (TSamples.Count > 4) Load<TS, TV, TSlots>(sums + 4 * ldSums, out c04, out c14, out c24, out c34);
            if (TSamples.Count > 5) Load<TS, TV, TSlots>(sums + 5 * ldSums, out c05, out c15, out c25, out c35);
        }

        nint to1 = TS.Width < 16 ? TS.Width : ldw, to2 = TS.Width < 8 ? 2 * TS.Width : TS.Width == 8 ? ldw : 2 * ldw;
        float* w1 = w + to1, w2 = w + to2, w3 = w2 + to1;
        for (nint p = 0; p < depth; p += DotProduct.Partials)
        {
            Prefetch.Line(fetch);
            if (TS.Width >= 8 && TSlots.Count > 2) Prefetch.Line(fetch + fetchStride);
            if (TS.Width >= 16 && TSlots.Count > 2) Prefetch.Line(fetch + 2 * fetchStride);
            if (TS.Width >= 16 && TSlots.Count > 3) Prefetch.Line(fetch + 3 * fetchStride);
            fetch += fetchStep;
            TV r0 = TS.Load(w + p);
            TV r1 = TSlots.Count > 1 ? TS.Load(w1 + p) : default;
            TV r2 = TSlots.Count > 2 ? TS.Load(w2 + p) : default;
            TV r3 = TSlots.Count > 3 ? TS.Load(w3 + p) : default;
            if (TSamples.Count > 0) Step<TS, TV, TSlots>(x, r0, r1, r2, r3, ref c00, ref c10, ref c20, ref c30);
            if (TSamples.Count > 1) Step<TS, TV, TSlots>(x + DotProduct.Partials, r0, r1, r2, r3, ref c01, ref c11, ref c21, ref c31);
            if (TSamples.Count > 2) Step<TS, TV, TSlots>(x + 2 * DotProduct.Partials, r0, r1, r2, r3, ref c02, ref c12, ref c22, ref c32);
            if (TSamples.Count > 3) Step<TS, TV, TSlots>(x + 3 * DotProduct.Partials, r0, r1, r2, r3, ref c03, ref c13, ref c23, ref c33);
            if (TSamples.Count > 4) Step<TS, TV, TSlots>(x + 4 * DotProduct.Partials, r0, r1, r2, r3, ref c04, ref c14, ref c24, ref c34);
            if (TSamples.Count > 5) Step<TS, TV, TSlots>(x + 5 * DotProduct.Partials, r0, r1, r2, r3, ref c05, ref c15, ref c25, ref c35);
            x += TSamples.Count * DotProduct.Partials;
        }

        if (TSamples.Count > 0) Store<TS, TV, TSlots>(sums, c00, c10, c20, c30);
        if (TSamples.Count > 1) Store<TS, TV, TSlots>(sums + ldSums, c01, c11, c21, c31);
        if (TSamples.Count > 2) Store<TS, TV, TSlots>(sums + 2 * ldSums, c02, c12, c22, c32);
        if (TSamples.Count > 3) Store<TS, TV, TSlots>(sums + 3 * ldSums, c03, c13, c23, c33);
        if (TSamples.Count > 4) Store<TS, TV, TSlots>(sums + 4 * ldSums, c04, c14, c24, c34);
        if (TSamples.Count > 5) Store<TS, TV, TSlots>(sums + 5 * ldSums, c05, c15, c25, c35);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TS, TV, TSlots>(float* x, TV r0, TV r1, TV r2, TV r3, ref TV c0, ref TV c1, ref TV c2, ref TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TSlots : struct, ICount
    {
        TV x0 = TS.Load(x);
        TV x1 = TS.Width < 16 ? TS.Load(x + TS.Width) : x0;
        TV x2 = TS.Width < 8 ? TS.Load(x + 2 * TS.Width) : x0;
        TV x3 = TS.Width < 8 ? TS.Load(x + 3 * TS.Width) : x1;
        c0 = TS.Fma(r0, x0, c0);
        if (TSlots.Count > 1) c1 = TS.Fma(r1, x1, c1);
        if (TSlots.Count > 2) c2 = TS.Fma(r2, x2, c2);
        if (TSlots.Count > 3) c3 = TS.Fma(r3, x3, c3);
    }

    /// <summary>Where the sums of a slot lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int At<TS, TV>(int slot) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Width >= 16 ? slot * DotProduct.Partials : TS.Width == 8 ? slot / 2 * DotProduct.Partials + slot % 2 * TS.Width : slot * TS.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Load<TS, TV, TSlots>(float* sums, out TV c0, out TV c1, out TV c2, out TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TSlots : struct, ICount
    {
        c0 = TS.Load(sums);
        c1 = TSlots.Count > 1 ? TS.Load(sums + At<TS, TV>(1)) : default;
        c2 = TSlots.Count > 2 ? TS.Load(sums + At<TS, TV>(2)) : default;
        c3 = TSlots.Count > 3 ? TS.Load(sums + At<TS, TV>(3)) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<TS, TV, TSlots>(float* sums, TV c0, TV c1, TV c2, TV c3)
        where TS : struct, ISimd<TV> where TV : unmanaged where TSlots : struct, ICount
    {
        TS.Store(sums, c0);
        if (TSlots.Count > 1) TS.Store(sums + At<TS, TV>(1), c1);
        if (TSlots.Count > 2) TS.Store(sums + At<TS, TV>(2), c2);
        if (TSlots.Count > 3) TS.Store(sums + At<TS, TV>(3), c3);
    }
}
