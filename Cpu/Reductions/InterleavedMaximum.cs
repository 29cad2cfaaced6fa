using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Reductions;

/// <summary>The largest number of an array, in the order of <see cref="InterleavedSum"/>, which settles the sign of a zero; not-a-number is passed over.</summary>
internal static unsafe class InterleavedMaximum
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Of<TS, TV>(float* x, nint count) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        float* partial = stackalloc float[InterleavedSum.Partials];
        new Span<float>(partial, InterleavedSum.Partials).Fill(float.NegativeInfinity);
        nint i = 0;
        for (; i + InterleavedSum.Partials <= count; i += InterleavedSum.Partials)
        {
            for (int j = 0; j < InterleavedSum.Partials; j += TS.Width)
                TS.Store(partial + j, Larger<TS, TV>(TS.Load(partial + j), TS.Load(x + i + j)));
        }

        for (int j = 0; i < count; i++, j++)
            partial[j] = Larger<SimdScalar, float>(partial[j], x[i]);
        for (int width = InterleavedSum.Partials / 2; width > 0; width /= 2)
        {
            for (int j = 0; j < width; j++)
                partial[j] = Larger<SimdScalar, float>(partial[j], partial[j + width]);
        }

        return partial[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV Larger<TS, TV>(TV a, TV b) where TS : struct, ISimd<TV> where TV : unmanaged => TS.Select(TS.Greater(b, a), b, a);
}
