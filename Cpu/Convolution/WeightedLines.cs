using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Convolution;

/// <summary>Sums of lines with a weight each: to[x] = fma(weights[i], lines[i][x], ..) from +0, lines in order, the bias last.</summary>
internal static unsafe class WeightedLines
{
    /// <summary>Sums <paramref name="count"/> lines of <paramref name="width"/> floats; none gives the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum<TS, TV>(float** lines, float* weights, int count, int width, float bias, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int x = 0;
        for (; x + 4 * TS.Width <= width; x += 4 * TS.Width)
        {
            TV c0 = default, c1 = default, c2 = default, c3 = default;
            for (int i = 0; i < count; i++)
            {
                float* v = lines[i] + x;
                TV w = TS.Broadcast(weights[i]);
                c0 = TS.Fma(w, TS.Load(v), c0);
                c1 = TS.Fma(w, TS.Load(v + TS.Width), c1);
                c2 = TS.Fma(w, TS.Load(v + 2 * TS.Width), c2);
                c3 = TS.Fma(w, TS.Load(v + 3 * TS.Width), c3);
            }

            TV b = TS.Broadcast(bias);
            TS.Store(to + x, TS.Add(c0, b));
            TS.Store(to + x + TS.Width, TS.Add(c1, b));
            TS.Store(to + x + 2 * TS.Width, TS.Add(c2, b));
            TS.Store(to + x + 3 * TS.Width, TS.Add(c3, b));
        }

        for (; x + TS.Width <= width; x += TS.Width)
            One<TS, TV>(lines, weights, count, x, bias, to);
        for (; x < width; x++)
            One<SimdScalar, float>(lines, weights, count, x, bias, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One<TS, TV>(float** lines, float* weights, int count, int x, float bias, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        TV c = default;
        for (int i = 0; i < count; i++)
            c = TS.Fma(TS.Broadcast(weights[i]), TS.Load(lines[i] + x), c);
        TS.Store(to + x, TS.Add(c, TS.Broadcast(bias)));
    }
}
