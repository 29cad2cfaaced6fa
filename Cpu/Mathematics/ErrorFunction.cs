using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>erf x within 1.11 ulp of the true value (1.108 is the worst that was found), the same bits with every instruction set and on a GPU (Native/Kernels/mathematics.h).</summary>
/// <remarks>Up to 1 x + x P(x²), above 1 - e^(-|x| Q(|x|)) with the sign of x; from 4 on that is 1. P and Q are least-squares fits of
/// degree 6 in the result's own error, to (erf x - x) / x and to -ln(erfc x) / x.</remarks>
internal static class ErrorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV sign = TS.And(x, TS.BroadcastBits(int.MinValue));
        TV size = TS.And(x, TS.BroadcastBits(int.MaxValue));
        TV square = TS.Mul(x, x);
        TV p = TS.Fma(TS.Broadcast(7.847259258e-5f), square, TS.Broadcast(-8.008189034e-4f));
        p = TS.Fma(p, square, TS.Broadcast(5.188099109e-3f));
        p = TS.Fma(p, square, TS.Broadcast(-2.685369179e-2f));
        p = TS.Fma(p, square, TS.Broadcast(1.128358245e-1f));
        p = TS.Fma(p, square, TS.Broadcast(-3.761262596e-1f));
        p = TS.Fma(p, square, TS.Broadcast(1.283791661e-1f));
        TV near = TS.Fma(p, x, x);

        TV four = TS.Broadcast(4), one = TS.Broadcast(1);
        TV far = TS.Select(TS.Greater(size, four), four, size);
        TV q = TS.Fma(TS.Broadcast(1.396274729e-5f), far, TS.Broadcast(-3.505950444e-4f));
        q = TS.Fma(q, far, TS.Broadcast(3.757488914e-3f));
        q = TS.Fma(q, far, TS.Broadcast(-2.401009388e-2f));
        q = TS.Fma(q, far, TS.Broadcast(1.065308973e-1f));
        q = TS.Fma(q, far, TS.Broadcast(6.349695325e-1f));
        q = TS.Fma(q, far, TS.Broadcast(1.128694296f));
        far = TS.Sub(one, Exponential.Of<TS, TV>(TS.Sub(TS.Broadcast(0), TS.Mul(q, far))));
        return TS.Select(TS.Greater(size, one), TS.Or(far, sign), near);
    }

    /// <summary>Its derivative, 2 / sqrt(pi) e^(-x²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Slope<TS, TV>(TV x) where TS : struct, ISimd<TV> where TV : unmanaged =>
        TS.Mul(TS.Broadcast(1.12837917f), Exponential.Of<TS, TV>(TS.Sub(TS.Broadcast(0), TS.Mul(x, x))));
}
