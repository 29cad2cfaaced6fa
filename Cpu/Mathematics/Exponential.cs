using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>e^x, within 1.03 ulp of the true value (1.023 is the worst that was found), the same bits with every instruction set.</summary>
/// <remarks>x = n ln 2 + r with |r| at most half of ln 2; a polynomial of degree 7 in r (coefficients after Cephes expf); times 2^n in two
/// steps, so that results below 2^-126 are rounded once and those above the largest float become infinite.</remarks>
internal static class Exponential
{
    /// <summary>1.5 * 2^23: adding it leaves the nearest integer in the low bits.</summary>
    internal const float Rounder = 12582912f;
    internal const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    const float Log2E = 1.44269504f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged => Of<TS, TV>(x, TS.Broadcast(0));

    /// <summary>e^(x + low), where low is far below x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x, TV low) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        // Beyond these the result is infinite or zero anyway; not-a-number passes.
        TV highest = TS.Broadcast(89), lowest = TS.Broadcast(-106), rounder = TS.Broadcast(Rounder);
        x = TS.Select(TS.Greater(x, highest), highest, x);
        x = TS.Select(TS.Greater(lowest, x), lowest, x);
        TV shifted = TS.Fma(x, TS.Broadcast(Log2E), rounder);
        TV n = TS.Sub(shifted, rounder);
        TV r = TS.Fma(n, TS.Broadcast(-Ln2High), x);
        r = TS.Add(TS.Fma(n, TS.Broadcast(-Ln2Low), r), low);

        TV p = TS.Fma(TS.Broadcast(1.9875691500e-4f), r, TS.Broadcast(1.3981999507e-3f));
        p = TS.Fma(p, r, TS.Broadcast(8.3334519073e-3f));
        p = TS.Fma(p, r, TS.Broadcast(4.1665795894e-2f));
        p = TS.Fma(p, r, TS.Broadcast(1.6666665459e-1f));
        p = TS.Fma(p, r, TS.Broadcast(5.0000001201e-1f));
        p = TS.Fma(TS.Mul(p, r), r, r);
        p = TS.Add(p, TS.Broadcast(1));

        TV whole = TS.BitsSub(shifted, rounder);
        TV half = TS.BitsShiftRight(whole, 1);
        return TS.Mul(TS.Mul(p, PowerOfTwo<TS, TV>(half)), PowerOfTwo<TS, TV>(TS.BitsSub(whole, half)));
    }

    /// <summary>2^n for whole n in -126..127, as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV PowerOfTwo<TS, TV>(TV n) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.BitsShiftLeft(TS.BitsAdd(n, TS.BroadcastBits(127)), 23);
}
