using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>What the priors and steps compute of squares.</summary>
internal static unsafe class Norms
{
    /// <summary>s^(exponent / 2) for a square s: roots where the exponent is 1 or 1.5, products where it is 2, 4 or 6, 1 where it is 0, which is also what the power gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Powered<TS, TV>(TV s, float exponent) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (exponent == 1)
            return TS.Sqrt(s);
        if (exponent == 1.5f)
        {
            TV root = TS.Sqrt(s);
            return TS.Mul(root, TS.Sqrt(root));
        }

        if (exponent == 2)
            return s;
        if (exponent == 4)
            return TS.Mul(s, s);
        if (exponent == 6)
            return TS.Mul(TS.Mul(s, s), s);
        // Not-a-number stays.
        return exponent == 0 ? TS.Select(TS.LessOrEqual(s, s), TS.Broadcast(1), s) : Power.Of<TS, TV>(s, TS.Broadcast(exponent * 0.5f));
    }

    /// <summary>The sum of squares over the channels of neighbouring pixels, in order, from +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Square<TS, TV>(float* pixel, int channels, nint plane) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV sum = TS.Broadcast(0);
        for (int c = 0; c < channels; c++, pixel += plane)
        {
            TV x = TS.Load(pixel);
            sum = TS.Fma(x, x, sum);
        }

        return sum;
    }

    /// <summary>Draws neighbouring pixels whose norm is above the radius back to it.</summary>
    /// <param name="pixel">The first channel.</param>
    /// <param name="channels">How many there are.</param>
    /// <param name="plane">How far apart they are.</param>
    /// <param name="square">The squares of the norms.</param>
    /// <param name="radius">Above 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void DrawBack<TS, TV>(float* pixel, int channels, nint plane, TV square, float radius) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV norm = TS.Sqrt(square), limit = TS.Broadcast(radius), above = TS.Greater(norm, limit);
        if (TS.ToBits(above) == 0)
            return;
        TV share = TS.Div(limit, norm);
        for (int c = 0; c < channels; c++, pixel += plane)
        {
            TV x = TS.Load(pixel);
            TS.Store(pixel, TS.Select(above, TS.Mul(x, share), x));
        }
    }
}
