using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Mathematics;

/// <summary>x^-beta for one beta and x not below 0: what normalisation divides by, the same bits with every instruction set.</summary>
/// <remarks>The powers networks use, 3/4, 1/2 and 1, are square roots and one division, which every instruction set rounds alike. Each rounding
/// takes at most 2^-24 of its result, halved by a root: together 4.5, 2 and 1 times that. All others are <see cref="Power"/>.
/// Zero gives infinity, infinity zero.</remarks>
internal static class InversePower
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Of<TS, TV>(TV x, float beta) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (beta == 0.75f)
        {
            TV root = TS.Sqrt(x);
            return TS.Div(TS.Broadcast(1), TS.Mul(root, TS.Sqrt(root)));
        }

        if (beta == 0.5f)
            return TS.Div(TS.Broadcast(1), TS.Sqrt(x));
        return beta == 1 ? TS.Div(TS.Broadcast(1), x) : Power.Of<TS, TV>(x, TS.Broadcast(-beta));
    }
}
