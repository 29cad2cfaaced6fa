using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Preimage.Perf;

/// <summary>What this machine can do at best, measured in the process that measures everything else.</summary>
/// <param name="PeakFlops">Fused multiply-adds of float32, counted as two operations each, per second.</param>
/// <param name="Bandwidth">Bytes read per second from memory that no cache holds.</param>
internal sealed record Machine(double PeakFlops, double Bandwidth)
{
    const int Chains = 16, Loops = 400_000, Tries = 25;
    const long StreamBytes = 256L << 20;

    /// <summary>Measures with that many threads: the best of several short bursts.</summary>
    public static Machine Measure(int threads) => new(
        threads * Best(threads, MultiplyAdd) * FlopsPerBurst, threads * Best(threads, new Stream(threads).Read) * (StreamBytes / threads));

    static double FlopsPerBurst => 2.0 * Chains * Loops * (Avx512F.IsSupported ? 16 : Avx2.IsSupported ? 8 : 4);

    /// <summary>Bursts per second of the slowest thread in the best try.</summary>
    static double Best(int threads, Func<int, double> burst)
    {
        double best = 0;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            var seconds = new double[threads];
            using var start = new Barrier(threads);
            Thread[] team = [.. Enumerable.Range(0, threads).Select(t => new Thread(() =>
            {
                start.SignalAndWait();
                var clock = Stopwatch.StartNew();
                burst(t);
                seconds[t] = clock.Elapsed.TotalSeconds;
            }))];
            Array.ForEach(team, t => t.Start());
            Array.ForEach(team, t => t.Join());
            best = Math.Max(best, 1 / seconds.Max());
        }

        return best;
    }

    // 16 independent chains hide the latency of 4 or 5 cycles on two ports.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double MultiplyAdd(int thread)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(0.001f), c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b;
            Vector512<float> d0 = b, d1 = b, d2 = b, d3 = b, d4 = b, d5 = b, d6 = b, d7 = b;
            for (int i = 0; i < Loops; i++)
            {
                c0 = Avx512F.FusedMultiplyAdd(a, c0, b); c1 = Avx512F.FusedMultiplyAdd(a, c1, b); c2 = Avx512F.FusedMultiplyAdd(a, c2, b);
                c3 = Avx512F.FusedMultiplyAdd(a, c3, b); c4 = Avx512F.FusedMultiplyAdd(a, c4, b); c5 = Avx512F.FusedMultiplyAdd(a, c5, b);
                c6 = Avx512F.FusedMultiplyAdd(a, c6, b); c7 = Avx512F.FusedMultiplyAdd(a, c7, b); d0 = Avx512F.FusedMultiplyAdd(a, d0, b);
                d1 = Avx512F.FusedMultiplyAdd(a, d1, b); d2 = Avx512F.FusedMultiplyAdd(a, d2, b); d3 = Avx512F.FusedMultiplyAdd(a, d3, b);
                d4 = Avx512F.FusedMultiplyAdd(a, d4, b); d5 = Avx512F.FusedMultiplyAdd(a, d5, b); d6 = Avx512F.FusedMultiplyAdd(a, d6, b);
                d7 = Avx512F.FusedMultiplyAdd(a, d7, b);
            }

            return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + d0 + d1 + d2 + d3 + d4 + d5 + d6 + d7);
        }
        else
        {
            Vector256<float> a = Vector256.Create(0.999f), b = Vector256.Create(0.001f), c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b;
            for (int i = 0; i < 2 * Loops; i++)
            {
                c0 = Vector256.FusedMultiplyAdd(a, c0, b); c1 = Vector256.FusedMultiplyAdd(a, c1, b); c2 = Vector256.FusedMultiplyAdd(a, c2, b);
                c3 = Vector256.FusedMultiplyAdd(a, c3, b); c4 = Vector256.FusedMultiplyAdd(a, c4, b); c5 = Vector256.FusedMultiplyAdd(a, c5, b);
                c6 = Vector256.FusedMultiplyAdd(a, c6, b); c7 = Vector256.FusedMultiplyAdd(a, c7, b);
            }

            return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7);
        }
    }

    /// <summary>Reads a part of a large array per thread.</summary>
    sealed class Stream(int threads)
    {
        readonly float[] _values = Filled();

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public double Read(int thread)
        {
            int length = _values.Length / threads;
            ReadOnlySpan<Vector256<float>> part = MemoryMarshal.Cast<float, Vector256<float>>(_values.AsSpan(thread * length, length));
            Vector256<float> a = default, b = default, c = default, d = default;
            for (int i = 0; i + 3 < part.Length; i += 4)
            {
                a += part[i];
                b += part[i + 1];
                c += part[i + 2];
                d += part[i + 3];
            }

            return Vector256.Sum(a + b + c + d);
        }

        static float[] Filled()
        {
            var values = new float[StreamBytes / sizeof(float)];
            Array.Fill(values, 1);
            return values;
        }
    }
}
