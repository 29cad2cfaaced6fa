using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Reductions;

/// <summary>What is added up: one step of a partial sum.</summary>
internal interface ITerm
{
    /// <summary>sum plus the term of x and y; m is a constant of the whole sum.</summary>
    static abstract TV Add<TS, TV>(TV sum, TV x, TV y, TV m) where TS : struct, ISimd<TV> where TV : unmanaged;
}

/// <summary>The order of every sum over an array: term i goes to partial sum i mod 16, and the sixteen are joined 8 to 8, 4 to 4, 2 to 2, 1 to 1.</summary>
/// <remarks>Partial sums start from +0. The order is that of the widest vectors and is kept by all others.</remarks>
internal static unsafe class InterleavedSum
{
    public const int Partials = 16;

    /// <summary>The sum over <paramref name="count"/> terms of contiguous x and y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<TTerm, TS, TV>(float* x, float* y, float m, nint count)
        where TTerm : struct, ITerm where TS : struct, ISimd<TV> where TV : unmanaged
    {
        float* partial = stackalloc float[Partials];
        TV mean = TS.Broadcast(m), p0 = TS.Broadcast(0), p1 = p0;
        nint i = 0;
        if (TS.Width >= 8)
        {
            for (; i + Partials <= count; i += Partials)
            {
                p0 = TTerm.Add<TS, TV>(p0, TS.Load(x + i), TS.Load(y + i), mean);
                if (TS.Width == 8)
                    p1 = TTerm.Add<TS, TV>(p1, TS.Load(x + i + 8), TS.Load(y + i + 8), mean);
            }

            TS.Store(partial, p0);
            if (TS.Width == 8)
                TS.Store(partial + 8, p1);
        }
        else
        {
            for (int j = 0; j < Partials; j++)
                partial[j] = 0;
            for (; i + Partials <= count; i += Partials)
            {
                for (int j = 0; j < Partials; j += TS.Width)
                    TS.Store(partial + j, TTerm.Add<TS, TV>(TS.Load(partial + j), TS.Load(x + i + j), TS.Load(y + i + j), mean));
            }
        }

        for (int j = 0; i < count; i++, j++)
            partial[j] = TTerm.Add<SimdScalar, float>(partial[j], x[i], y[i], m);
        return Join(partial);
    }

    /// <summary>The same sum over terms <paramref name="stride"/> apart.</summary>
    public static float Strided<TTerm>(float* x, float* y, float m, nint count, nint stride) where TTerm : struct, ITerm
    {
        float* partial = stackalloc float[Partials];
        Clear(partial);
        for (nint i = 0; i < count; i++)
            partial[i % Partials] = TTerm.Add<SimdScalar, float>(partial[i % Partials], x[i * stride], y[i * stride], m);
        return Join(partial);
    }

    public static void Clear(float* partial) => new Span<float>(partial, Partials).Clear();

    /// <summary>Joins sixteen partial sums, destroying them.</summary>
    public static float Join(float* partial)
    {
        for (int width = Partials / 2; width > 0; width /= 2)
        {
            for (int j = 0; j < width; j++)
                partial[j] += partial[j + width];
        }

        return partial[0];
    }
}

/// <summary>x.</summary>
internal readonly struct ValueTerm : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Add<TS, TV>(TV sum, TV x, TV y, TV m) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Add(sum, x);
}

/// <summary>x * y.</summary>
internal readonly struct ProductTerm : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Add<TS, TV>(TV sum, TV x, TV y, TV m) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Fma(x, y, sum);
}

/// <summary>(x - m)².</summary>
internal readonly struct SquareTerm : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Add<TS, TV>(TV sum, TV x, TV y, TV m) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV d = TS.Sub(x, m);
        return TS.Fma(d, d, sum);
    }
}

/// <summary>(x - m) * y.</summary>
internal readonly struct CentredProductTerm : ITerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Add<TS, TV>(TV sum, TV x, TV y, TV m) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Fma(TS.Sub(x, m), y, sum);
}
