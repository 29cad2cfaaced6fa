using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Images;

/// <summary>The terms of the total variation's energy: (d1^2 + d2^2)^(beta / 2) of every element, image by image.</summary>
internal unsafe struct VariationTerms(float* images, int channels, int h, int w, float beta) : ITerms
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Add<TS, TV>(int row, long first, int count, double* sums) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        // Row of pixels by row: their last columns, and the last rows of planes, have a difference less.
        float* terms = stackalloc float[ChunkedSum.Chunk], x = images + (nint)row * channels * h * w + (nint)first;
        long line = first / w;
        int column = (int)(first % w);
        for (int i = 0; i < count; line++, column = 0)
        {
            int end = Math.Min(w - column, count - i) + i;
            Line<TS, TV>(x + i, terms + i, end - i, end - i == w - column, line % h + 1 < h);
            i = end;
        }

        ChunkedSum.AddValues<TS, TV>(terms, count, sums);
    }

    /// <summary>d1^2 + d2^2 of neighbours in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Squared<TS, TV>(float* x, nint w, bool hasRight, bool hasBelow) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV here = TS.Load(x), none = TS.Broadcast(0);
        TV right = hasRight ? TS.Sub(TS.Load(x + 1), here) : none, down = hasBelow ? TS.Sub(TS.Load(x + w), here) : none;
        return TS.Fma(right, right, TS.Mul(down, down));
    }

    /// <summary>The terms of neighbours in a row.</summary>
    /// <param name="x">The first.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="count">How many.</param>
    /// <param name="isEnd">Whether the last of them is in the last column.</param>
    /// <param name="hasBelow">Whether there is a row below.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly void Line<TS, TV>(float* x, float* to, int count, bool isEnd, bool hasBelow) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int i = 0, whole = isEnd ? count - 1 : count;
        for (; i + TS.Width <= whole; i += TS.Width)
            TS.Store(to + i, Norms.Powered<TS, TV>(Squared<TS, TV>(x + i, w, true, hasBelow), beta));
        for (; i < count; i++)
            to[i] = Norms.Powered<SimdScalar, float>(Squared<SimdScalar, float>(x + i, w, i < whole, hasBelow), beta);
    }
}
