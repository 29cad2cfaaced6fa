using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Orientation;

/// <summary>The gradients of a vector of pixels: along x, along y, their size, and of which colour they are.</summary>
/// <typeparam name="TV">A vector.</typeparam>
internal readonly struct PixelGradient<TV> where TV : unmanaged
{
    public TV X { get; init; }

    public TV Y { get; init; }

    public TV Size { get; init; }

    /// <summary>The colour's number, as float.</summary>
    public TV Colour { get; init; }

    /// <summary>d . g for a direction d of two floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe TV Along<TS>(float* direction) where TS : struct, ISimd<TV> =>
        TS.Fma(TS.Broadcast(direction[0]), X, TS.Mul(TS.Broadcast(direction[1]), Y));
}

/// <summary>What the kernels of oriented histograms know about their directions.</summary>
/// <param name="Bins">K, how many there are.</param>
/// <param name="Colours">Gradients of a pixel, of which the strongest counts, the first of equal ones.</param>
/// <param name="Plane">Pixels.</param>
internal readonly record struct OrientationGeometry(int Bins, int Colours, int Plane)
{
    /// <summary>a = cos(2 pi / K), what the rectified form takes off.</summary>
    public float Offset { get; } = (float)Math.Cos(2 * Math.PI / Bins);

    /// <summary>Bins per radian.</summary>
    public float BinsPerRadian => Bins * 0.159154943f;

    /// <summary>(cos, sin) of 2 pi k / K for every bin.</summary>
    public float[] Directions()
    {
        var pairs = new float[2 * Bins];
        for (int k = 0; k < Bins; k++)
            (pairs[2 * k], pairs[2 * k + 1]) = ((float)Math.Cos(2 * Math.PI * k / Bins), (float)Math.Sin(2 * Math.PI * k / Bins));
        return pairs;
    }

    /// <summary>The strongest gradient of the pixels that <paramref name="g"/> points at, x and y planes of every colour in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe PixelGradient<TV> Load<TS, TV>(float* g) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV x = TS.Load(g), y = TS.Load(g + Plane), colour = TS.Broadcast(0);
        TV square = TS.Fma(x, x, TS.Mul(y, y));
        for (int c = 1; c < Colours; c++)
        {
            float* own = g + (nint)2 * c * Plane;
            TV ownX = TS.Load(own), ownY = TS.Load(own + Plane);
            TV ownSquare = TS.Fma(ownX, ownX, TS.Mul(ownY, ownY));
            TV stronger = TS.Greater(ownSquare, square);
            x = TS.Select(stronger, ownX, x);
            y = TS.Select(stronger, ownY, y);
            square = TS.Select(stronger, ownSquare, square);
            colour = TS.Select(stronger, TS.Broadcast(c), colour);
        }

        return new PixelGradient<TV> { X = x, Y = y, Size = TS.Sqrt(square), Colour = colour };
    }
}
