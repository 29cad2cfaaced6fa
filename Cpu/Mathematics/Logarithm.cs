using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>ln x, within 1 ulp of the true value (2 next to 1, where it is below 1e-3), the same bits with every instruction set.</summary>
/// <remarks>x = 2^e (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); ln(1 + f) = f - f²/2 + f³ P(f), coefficients after Cephes logf.</remarks>
internal static class Logarithm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        Split<TS, TV>(x, out TV e, out TV f);
        TV square = TS.Mul(f, f);
        TV y = TS.Mul(TS.Mul(square, f), Polynomial<TS, TV>(f));
        y = TS.Fma(e, TS.Broadcast(Exponential.Ln2Low), y);
        y = TS.Fma(TS.Broadcast(-0.5f), square, y);
        return Special<TS, TV>(x, TS.Fma(e, TS.Broadcast(Exponential.Ln2High), TS.Add(f, y)));
    }

    /// <summary>ln(1 + e^x) within 2.9 ulp: the larger of x and 0, and ln(1 + z) with z = e^-|x|, which is ln(u) z / (u - 1) of the rounded u = 1 + z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV OfOnePlusExponential<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), one = TS.Broadcast(1);
        TV z = Exponential.Of<TS, TV>(TS.Or(x, TS.BroadcastBits(int.MinValue)));
        TV u = TS.Add(one, z), step = TS.Sub(u, one);
        TV small = TS.Select(TS.LessOrEqual(step, zero), z, TS.Mul(Of<TS, TV>(u), TS.Div(z, step)));
        return TS.Add(TS.Select(TS.LessOrEqual(x, zero), zero, x), small);
    }

    /// <summary>x = 2^e (1 + f); e as a float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Split<TS, TV>(TV x, out TV e, out TV f) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        // Below the normal range the exponent field is empty: scale into it.
        TV tiny = TS.Greater(TS.Broadcast(1.17549435e-38f), x);
        x = TS.Select(tiny, TS.Mul(x, TS.Broadcast(8388608f)), x);
        TV whole = TS.BitsShiftRight(TS.BitsSub(x, TS.Broadcast(0.707106781f)), 23);
        TV rounder = TS.Broadcast(Exponential.Rounder);
        e = TS.Sub(TS.BitsAdd(rounder, whole), rounder);
        e = TS.Sub(e, TS.And(tiny, TS.Broadcast(23)));
        f = TS.Sub(TS.BitsSub(x, TS.BitsShiftLeft(whole, 23)), TS.Broadcast(1));
    }

    /// <summary>P of ln(1 + f) = f - f²/2 + f³ P(f).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TV Polynomial<TS, TV>(TV f) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV p = TS.Fma(TS.Broadcast(7.0376836292e-2f), f, TS.Broadcast(-1.1514610310e-1f));
        p = TS.Fma(p, f, TS.Broadcast(1.1676998740e-1f));
        p = TS.Fma(p, f, TS.Broadcast(-1.2420140846e-1f));
        p = TS.Fma(p, f, TS.Broadcast(1.4249322787e-1f));
        p = TS.Fma(p, f, TS.Broadcast(-1.6668057665e-1f));
        p = TS.Fma(p, f, TS.Broadcast(2.0000714765e-1f));
        p = TS.Fma(p, f, TS.Broadcast(-2.4999993993e-1f));
        return TS.Fma(p, f, TS.Broadcast(3.3333331174e-1f));
    }

    /// <summary>Puts in what the formula does not give: infinity, zero, negative numbers, not-a-number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Special<TS, TV>(TV x, TV result) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), infinity = TS.Broadcast(float.PositiveInfinity);
        result = TS.Select(TS.LessOrEqual(infinity, x), infinity, result);
        result = TS.Select(TS.Greater(x, zero), result, TS.Broadcast(float.NaN));
        TV isZero = TS.And(TS.LessOrEqual(x, zero), TS.LessOrEqual(zero, x));
        return TS.Select(isZero, TS.Broadcast(float.NegativeInfinity), result);
    }
}
