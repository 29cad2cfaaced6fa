using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>The angle of a vector within 4e-7 radians, the same bits with every instruction set and on a GPU (Native/Kernels/mathematics.h).</summary>
internal static class Arctangent
{
    /// <summary>The angle of (x, y) from -pi to pi; 0 for (0, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Angle<TS, TV>(TV y, TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV zero = TS.Broadcast(0), all = TS.BroadcastBits(int.MaxValue);
        TV sizeX = TS.And(x, all), sizeY = TS.And(y, all);
        TV steep = TS.Greater(sizeY, sizeX);
        TV larger = TS.Select(steep, sizeY, sizeX), smaller = TS.Select(steep, sizeX, sizeY);
        TV angle = Small<TS, TV>(TS.Div(smaller, larger));
        angle = TS.Select(steep, TS.Sub(TS.Broadcast(1.57079633f), angle), angle);
        angle = TS.Select(TS.Greater(zero, x), TS.Sub(TS.Broadcast(3.14159265f), angle), angle);
        angle = TS.Select(TS.Greater(zero, y), TS.Mul(angle, TS.Broadcast(-1)), angle);
        return TS.Select(TS.LessOrEqual(larger, zero), zero, angle);
    }

    /// <summary>The whole number at or below x, |x| below 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Floor<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV rounder = TS.Broadcast(Exponential.Rounder);
        TV nearest = TS.Sub(TS.Add(x, rounder), rounder);
        return TS.Select(TS.Greater(nearest, x), TS.Sub(nearest, TS.Broadcast(1)), nearest);
    }

    /// <summary>atan x for 0 &lt;= x &lt;= 1: an odd polynomial up to tan(pi / 8), after Cephes atanf, and pi / 4 more above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Small<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV one = TS.Broadcast(1);
        TV far = TS.Greater(x, TS.Broadcast(0.414213562f));
        TV t = TS.Select(far, TS.Div(TS.Sub(x, one), TS.Add(x, one)), x);
        TV square = TS.Mul(t, t);
        TV p = TS.Fma(TS.Broadcast(8.05374449538e-2f), square, TS.Broadcast(-1.38776856032e-1f));
        p = TS.Fma(p, square, TS.Broadcast(1.99777106478e-1f));
        p = TS.Fma(p, square, TS.Broadcast(-3.33329491539e-1f));
        TV value = TS.Fma(TS.Mul(p, square), t, t);
        return TS.Select(far, TS.Add(TS.Broadcast(0.785398163f), value), value);
    }
}
