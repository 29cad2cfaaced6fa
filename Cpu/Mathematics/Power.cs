using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>x^y for x above 0, within 2 ulp of the true value where that is a normal number, the same bits with every instruction set.</summary>
/// <remarks>e^(y ln x) with ln x carried as a sum of two floats: one float would lose as many bits as y ln x has before the point. Zero gives 0,
/// 1 or infinity by the sign of y; below zero the result is not a number.</remarks>
internal static class Power
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x, TV y) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        Logarithm.Split<TS, TV>(x, out TV e, out TV f);
        // f - f²/2 without loss: the square and the difference each with what rounding took from them.
        TV half = TS.Mul(TS.Broadcast(-0.5f), f);
        TV square = TS.Mul(half, f);
        TV squareLow = TS.Fma(half, f, TS.Sub(TS.Broadcast(0), square));
        TV sum = TS.Add(f, square);
        TV low = TS.Add(TS.Add(TS.Sub(f, sum), square), squareLow);
        low = TS.Fma(TS.Mul(TS.Mul(f, f), f), Logarithm.Polynomial<TS, TV>(f), low);

        // e * Ln2High is exact; two-sum, since either summand may be the larger.
        TV whole = TS.Mul(e, TS.Broadcast(Exponential.Ln2High));
        TV high = TS.Add(whole, sum);
        TV part = TS.Sub(high, whole);
        low = TS.Add(low, TS.Add(TS.Sub(whole, TS.Sub(high, part)), TS.Sub(sum, part)));
        low = TS.Fma(e, TS.Broadcast(Exponential.Ln2Low), low);

        TV product = TS.Mul(y, high);
        TV rest = TS.Fma(y, low, TS.Fma(y, high, TS.Sub(TS.Broadcast(0), product)));
        // Where the result is zero or infinite anyway the rest may be no number.
        TV limit = TS.Broadcast(200);
        rest = TS.And(TS.And(TS.LessOrEqual(product, limit), TS.LessOrEqual(TS.Broadcast(-200), product)), rest);
        return Special<TS, TV>(x, y, Exponential.Of<TS, TV>(product, rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Special<TS, TV>(TV x, TV y, TV result) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), infinity = TS.Broadcast(float.PositiveInfinity), one = TS.Broadcast(1);
        TV falling = TS.Select(TS.Greater(y, zero), zero, TS.Select(TS.Greater(zero, y), infinity, one));
        TV rising = TS.Select(TS.Greater(y, zero), infinity, TS.Select(TS.Greater(zero, y), zero, one));
        result = TS.Select(TS.LessOrEqual(infinity, x), rising, result);
        result = TS.Select(TS.Greater(x, zero), result, TS.Broadcast(float.NaN));
        TV isZero = TS.And(TS.LessOrEqual(x, zero), TS.LessOrEqual(zero, x));
        return TS.Select(isZero, falling, result);
    }
}
