using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>The terms of the total variation's energy: (d1^2 + d2^2)^(beta / 2) of every element, image by image.</summary>
internal unsafe struct VariationTerms(float* images, int channels, int h, int w, float beta) : ITerms
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Add<TS, TV>(int row, long first, int count, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        // Row of pixels by row, their last columns and the last rows of planes having a difference less; then powers of all together.
        float* terms = stackalloc float[ChunkedSum.Chunk], x = images + (nint)row * channels * h * w + (nint)first;
        long line = first / w;
        int column = (int)(first % w);
        for (int i = 0; i < count; line++, column = 0)
        {
            int length = Math.Min(w - column, count - i);
            Squares<TS, TV>(x + i, w, length, length == w - column, line % h + 1 < h, terms + i);
            i += length;
        }

        if (beta != 2)
            Power<TS, TV>(terms, count);
        ChunkedSum.AddValues<TS, TV>(terms, count, sums);
    }

    /// <summary>d1^2 + d2^2 of neighbours in a row.</summary>
    /// <param name="x">The first.</param>
    /// <param name="w">How far the row below is away.</param>
    /// <param name="count">How many.</param>
    /// <param name="isEnd">Whether the last of them is in the last column.</param>
    /// <param name="hasBelow">Whether there is a row below.</param>
    /// <param name="to">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Squares<TS, TV>(float* x, nint w, int count, bool isEnd, bool hasBelow, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int i = 0, whole = isEnd ? count - 1 : count;
        for (; i + TS.Width <= whole; i += TS.Width)
            TS.Store(to + i, Squared<TS, TV>(x + i, w, true, hasBelow));
        // What is left of a row once more with what lies before it.
        if (i < whole && whole >= TS.Width)
        {
            i = whole - TS.Width;
            TS.Store(to + i, Squared<TS, TV>(x + i, w, true, hasBelow));
            i = whole;
        }

        for (; i < count; i++)
            to[i] = Squared<SimdScalar, float>(x + i, w, i < whole, hasBelow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Squared<TS, TV>(float* x, nint w, bool hasRight, bool hasBelow) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV here = TS.Load(x), none = TS.Broadcast(0);
        TV right = hasRight ? TS.Sub(TS.Load(x + 1), here) : none, down = hasBelow ? TS.Sub(TS.Load(x + w), here) : none;
        return TS.Fma(right, right, TS.Mul(down, down));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Power<TS, TV>(float* terms, int count) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int i = 0;
        for (; i + TS.Width <= count; i += TS.Width)
            TS.Store(terms + i, Norms.Powered<TS, TV>(TS.Load(terms + i), beta));
        for (; i < count; i++)
            terms[i] = Norms.Powered<SimdScalar, float>(terms[i], beta);
    }
}
