using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Neighbouring pixels of a depthwise convolution: one vector of channels each, every tap a vector of its own.</summary>
/// <remarks>
/// <para>sums[pixel] = sum over taps of filters[tap] * source[pixel * step + offsets[tap]], for 1, 2, 4 or 8 pixels. A tap at <see cref="Outside"/> is
/// outside the plane for all of them and takes part as +0.</para>
/// <para>Order: each sum is one chain of fused multiply-adds, fma(filter, value, sum), from +0, taps ascending.</para>
/// <para>Registers: 8 accumulators + 1 filter; values come from memory within the multiply-add.</para>
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
        TV c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
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
                if (TPixels.Count > 2) c3 = TS.Fma(w, zero, c3);
                if (TPixels.Count > 4) c4 = TS.Fma(w, zero, c4);
                if (TPixels.Count > 4) c5 = TS.Fma(w, zero, c5);
                if (TPixels.Count > 4) c6 = TS.Fma(w, zero, c6);
                if (TPixels.Count > 4) c7 = TS.Fma(w, zero, c7);
                continue;
            }

            float* x = source + offset;
            c0 = TS.Fma(w, TS.Load(x), c0);
            if (TPixels.Count > 1) c1 = TS.Fma(w, TS.Load(x + step), c1);
            if (TPixels.Count > 2) c2 = TS.Fma(w, TS.Load(x + 2 * step), c2);
            if (TPixels.Count > 2) c3 = TS.Fma(w, TS.Load(x + step3), c3);
            if (TPixels.Count > 4) c4 = TS.Fma(w, TS.Load(x + 4 * step), c4);
            if (TPixels.Count > 4) c5 = TS.Fma(w, TS.Load(x + step5), c5);
            if (TPixels.Count > 4) c6 = TS.Fma(w, TS.Load(x + 2 * step3), c6);
            if (TPixels.Count > 4) c7 = TS.Fma(w, TS.Load(x + step7), c7);
        }

        const int Next = BlockedLayout.Lanes;
        TS.Store(sums, c0);
        if (TPixels.Count > 1) TS.Store(sums + Next, c1);
        if (TPixels.Count > 2) TS.Store(sums + 2 * Next, c2);
        if (TPixels.Count > 2) TS.Store(sums + 3 * Next, c3);
        if (TPixels.Count > 4) TS.Store(sums + 4 * Next, c4);
        if (TPixels.Count > 4) TS.Store(sums + 5 * Next, c5);
        if (TPixels.Count > 4) TS.Store(sums + 6 * Next, c6);
        if (TPixels.Count > 4) TS.Store(sums + 7 * Next, c7);
    }
}
