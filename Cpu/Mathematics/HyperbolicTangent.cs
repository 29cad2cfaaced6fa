using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>tanh x within 2 ulp and the logistic function within 2.5 where the result is a normal number, the same bits with every instruction set.</summary>
internal static class HyperbolicTangent
{
    /// <summary>tanh x: an odd polynomial below 0.625 (coefficients after Cephes tanhf), 1 - 2 / (e^2|x| + 1) with the sign of x above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV sign = TS.And(x, TS.BroadcastBits(int.MinValue));
        TV size = TS.And(x, TS.BroadcastBits(int.MaxValue));
        TV square = TS.Mul(x, x);
        TV p = TS.Fma(TS.Broadcast(-5.70498872745e-3f), square, TS.Broadcast(2.06390887954e-2f));
        p = TS.Fma(p, square, TS.Broadcast(-5.37397155531e-2f));
        p = TS.Fma(p, square, TS.Broadcast(1.33314422036e-1f));
        p = TS.Fma(p, square, TS.Broadcast(-3.33332819422e-1f));
        TV near = TS.Fma(TS.Mul(p, square), x, x);

        TV one = TS.Broadcast(1);
        TV grown = Exponential.Of<TS, TV>(TS.Add(size, size));
        TV far = TS.Sub(one, TS.Div(TS.Broadcast(2), TS.Add(grown, one)));
        return TS.Select(TS.Greater(size, TS.Broadcast(0.625f)), TS.Or(far, sign), near);
    }

    /// <summary>e^x - 1 for x up to 0, within 2.4 ulp, without cancellation: 2 t / (1 - t) with t = tanh(x / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV ExponentialLessOne<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV t = Of<TS, TV>(TS.Mul(TS.Broadcast(0.5f), x));
        return TS.Div(TS.Add(t, t), TS.Sub(TS.Broadcast(1), t));
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Logistic<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV one = TS.Broadcast(1);
        return TS.Div(one, TS.Add(one, Exponential.Of<TS, TV>(TS.Sub(TS.Broadcast(0), x))));
    }
}
