using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Neighbouring pixels of a depthwise convolution: one vector of channels each, every tap a vector of its own.</summary>
/// <remarks>
/// <para>sums[pixel] = sum over taps of filters[tap] * source[pixel * step + offsets[tap]], for 1, 2, 4, 8, 12 or 14 pixels. A tap at <see cref="Outside"/> is
/// outside the plane for all of them and takes part as +0.</para>
/// <para>Order: each sum is one chain of fused multiply-adds, fma(filter, value, sum), from +0, taps ascending.</para>
/// <para>Registers: an accumulator per pixel + 1 filter; values come from memory within the multiply-add. 8 chains would just hide its latency; where there are
/// 32 registers, 12 and 14 also hide that of the cache.</para>
/// </remarks>
internal static unsafe class DepthwiseTile
{
    /// <summary>The offset of a tap outside the plane; all others are multiples of 16.</summary>
    public const nint Outside = 1;

    /// <summary>Runs a tile.</summary>
    /// <param name="source">The first pixel; offsets and the step from pixel to pixel are in floats.</param>
    /// <param name="filters">16 floats per tap.</param>
    /// <param name="sums">16 floats per pixel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV, TPixels>(float* source, nint step, nint* offsets, int taps, float* filters, float* sums)
        where TS : struct, ISimd<TV> where TV : unmanaged where TPixels : struct, ICount
    {
        TV c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default;
        TV c7 = default, c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        nint step3 = 3 * step, step5 = 5 * step, step7 = 7 * step;
        for (; taps > 0; taps--, filters += BlockedLayout.Lanes)
        {
            nint offset = *offsets++;
            TV w = TS.Load(filters);
            if (offset == Outside)
            {
                TV zero = default;
                c0 = TS.Fma(w, zero, c0);
                if (TPixels.Count > 1) c1 = TS.Fma(w, zero, c1);
                if (TPixels.Count > 2) c2 = TS.Fma(w, zero, c2);
                if (TPixels.Count > 3) c3 = TS.Fma(w, zero, c3);
                if (TPixels.Count > 4) c4 = TS.Fma(w, zero, c4);
                if (TPixels.Count > 5) c5 = TS.Fma(w, zero, c5);
                if (TPixels.Count > 6) c6 = TS.Fma(w, zero, c6);
                if (TPixels.Count > 7) c7 = TS.Fma(w, zero, c7);
                if (TPixels.Count > 8) c8 = TS.Fma(w, zero, c8);
                if (TPixels.Count > 9) c9 = TS.Fma(w, zero, c9);
                if (TPixels.Count > 10) c10 = TS.Fma(w, zero, c10);
                if (TPixels.Count > 11) c11 = TS.Fma(w, zero, c11);
                if (TPixels.Count > 12) c12 = TS.Fma(w, zero, c12);
                if (TPixels.Count > 13) c13 = TS.Fma(w, zero, c13);
                continue;
            }

            float* x = source + offset, far = x + step7;
            c0 = TS.Fma(w, TS.Load(x), c0);
            if (TPixels.Count > 1) c1 = TS.Fma(w, TS.Load(x + step), c1);
            if (TPixels.Count > 2) c2 = TS.Fma(w, TS.Load(x + 2 * step), c2);
            if (TPixels.Count > 3) c3 = TS.Fma(w, TS.Load(x + step3), c3);
            if (TPixels.Count > 4) c4 = TS.Fma(w, TS.Load(x + 4 * step), c4);
            if (TPixels.Count > 5) c5 = TS.Fma(w, TS.Load(x + step5), c5);
            if (TPixels.Count > 6) c6 = TS.Fma(w, TS.Load(x + 2 * step3), c6);
            if (TPixels.Count > 7) c7 = TS.Fma(w, TS.Load(far), c7);
            if (TPixels.Count > 8) c8 = TS.Fma(w, TS.Load(far + step), c8);
            if (TPixels.Count > 9) c9 = TS.Fma(w, TS.Load(far + 2 * step), c9);
            if (TPixels.Count > 10) c10 = TS.Fma(w, TS.Load(far + step3), c10);
            if (TPixels.Count > 11) c11 = TS.Fma(w, TS.Load(far + 4 * step), c11);
            if (TPixels.Count > 12) c12 = TS.Fma(w, TS.Load(far + step5), c12);
            if (TPixels.Count > 13) c13 = TS.Fma(w, TS.Load(far + 2 * step3), c13);
        }

        const int Next = BlockedLayout.Lanes;
        TS.Store(sums, c0);
        if (TPixels.Count > 1) TS.Store(sums + 1 * Next, c1);
        if (TPixels.Count > 2) TS.Store(sums + 2 * Next, c2);
        if (TPixels.Count > 3) TS.Store(sums + 3 * Next, c3);
        if (TPixels.Count > 4) TS.Store(sums + 4 * Next, c4);
        if (TPixels.Count > 5) TS.Store(sums + 5 * Next, c5);
        if (TPixels.Count > 6) TS.Store(sums + 6 * Next, c6);
        if (TPixels.Count > 7) TS.Store(sums + 7 * Next, c7);
        if (TPixels.Count > 8) TS.Store(sums + 8 * Next, c8);
        if (TPixels.Count > 9) TS.Store(sums + 9 * Next, c9);
        if (TPixels.Count > 10) TS.Store(sums + 10 * Next, c10);
        if (TPixels.Count > 11) TS.Store(sums + 11 * Next, c11);
        if (TPixels.Count > 12) TS.Store(sums + 12 * Next, c12);
        if (TPixels.Count > 13) TS.Store(sums + 13 * Next, c13);
    }
}
