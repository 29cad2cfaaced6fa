using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>The bounded range of spec section 6.1 on images of [rows][channels][plane]: (n / B^2)^(alpha / 2), n the sum of squares over the channels of a pixel.</summary>
/// <remarks>Squares are scaled before they are powered, so that nothing overflows. Arithmetic as in Native/Kernels/priors.cu.</remarks>
internal static unsafe class BoundedRange
{
    /// <summary>gradient += factor * x * (n / B^2)^(alpha / 2 - 1); a pixel of norm 0 gets nothing.</summary>
    /// <param name="execution">How it runs.</param>
    /// <param name="rows">Images.</param>
    /// <param name="channels">Planes of an image.</param>
    /// <param name="plane">Pixels of a plane.</param>
    /// <param name="alpha">At least 1.</param>
    /// <param name="inverseSquare">1 / B^2.</param>
    /// <param name="factor">With alpha / B^2 in it.</param>
    /// <param name="x">The images.</param>
    /// <param name="gradient">What is added to.</param>
    public static void Gradient(Execution execution, int rows, int channels, long plane, float alpha, float inverseSquare, float factor, float* x, float* gradient)
    {
        PixelSweep<Slope>.Run(execution, rows, channels, plane, new Slope
        {
            Channels = channels, Plane = (nint)plane, Exponent = alpha - 2, InverseSquare = inverseSquare, Factor = factor, X = x, Gradient = gradient,
        });
    }

    struct Slope : IPixelKernel
    {
        public int Channels;
        public nint Plane;
        public float Exponent, InverseSquare, Factor;
        public float* X, Gradient;

        public void Move(nint start)
        {
            X += start;
            Gradient += start;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TS, TV>(nint i) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV square = TS.Mul(Norms.Square<TS, TV>(X + i, Channels, Plane), TS.Broadcast(InverseSquare)), zero = TS.Broadcast(0);
            TV isZero = TS.And(TS.LessOrEqual(square, zero), TS.LessOrEqual(zero, square));
            TV slope = TS.Select(isZero, zero, TS.Mul(TS.Broadcast(Factor), Norms.Powered<TS, TV>(square, Exponent)));
            float* x = X + i, gradient = Gradient + i;
            for (int c = 0; c < Channels; c++, x += Plane, gradient += Plane)
                TS.Store(gradient, TS.Fma(slope, TS.Load(x), TS.Load(gradient)));
        }
    }
}

/// <summary>The terms of its energy, one a pixel.</summary>
internal unsafe struct RangeTerms(float* images, int channels, long plane, float alpha, float inverseSquare) : ITerms
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add<TS, TV>(int row, long first, int count, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        float* x = images + (nint)(row * channels * plane + first);
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
            TS.AddWide(sums + i % ChunkedSum.Sums, Term<TS, TV>(x + i));
        for (; i < count; i++)
            sums[i % ChunkedSum.Sums] += Term<SimdScalar, float>(x + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly TV Term<TS, TV>(float* x) where TS : struct, ISimd<TV> where TV : unmanaged =>
        Norms.Powered<TS, TV>(TS.Mul(Norms.Square<TS, TV>(x, channels, (nint)plane), TS.Broadcast(inverseSquare)), alpha);
}
