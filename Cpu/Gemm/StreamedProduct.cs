using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>C = alpha * A B + bias for a few rows of A and a B whose rows lie in memory: B is read once, in place, and nothing is packed.</summary>
/// <remarks>
/// <para>The direction of a dense layer that sums across the rows of its weights, for a small batch, bound by reading them; the other direction is
/// <see cref="DotProduct"/>. Order as in <see cref="MatrixMultiplication"/>, which takes larger batches: one chain fma(a, b, acc) per output, k
/// ascending from +0, then alpha where it is not 1, the bias last; which of the two runs cannot be told from the bits.</para>
/// <para>A ticket keeps a run of outputs in the caches and adds four rows of B at a time while the next four are fetched.
/// Registers: 4 x 2 vectors of B, used for all rows of A, + 2 sums + 1 broadcast: 11.</para>
/// </remarks>
internal static unsafe class StreamedProduct
{
    /// <summary>Rows of A from which on packing pays.</summary>
    public const int MaxRows = 16;

    // Sums of all rows of A: 32 KB, and no less than 2 KB of each row of B at a time, which memory gives faster than shorter pieces. One row
    // of A has so little to do that memory sets the pace: its sums may lie in the second-level cache, and B is read in pieces of up to 128 KB.
    const int SumFloats = 8192, LeastRun = 512, LongestRun = 32768;

    /// <summary>Computes C, row-major with <paramref name="n"/> columns.</summary>
    /// <param name="b">K x N, row-major.</param>
    public static void Run(Execution execution, int m, int n, int k, float* a, float* b, float* c, float alpha, float* bias)
    {
        int run = m <= 1 ? LongestRun : Math.Max(SumFloats / m, LeastRun);
        if (execution.Lanes > 1)
            run = Math.Min(run, (n / (3 * execution.Lanes) + 63) / 64 * 64 + 64);
        var job = new Job { Isa = execution.Isa, M = m, N = n, K = k, A = a, B = b, C = c, Alpha = alpha, Bias = bias, RunLength = run };
        WorkerTeam.Shared.Run(ref job, (n + run - 1) / run, execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int M, N, K, RunLength;
        public float* A, B;
        public float* C;
        public float Alpha;
        public float* Bias;
        int _first;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._first = ticket * RunLength;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int count = Math.Min(RunLength, N - _first), whole = count / TS.Width * TS.Width;
            for (int row = 0; row < M; row++)
                new Span<float>(C + (nint)row * N + _first, count).Clear();
            int p = 0;
            for (; p + 4 <= K; p += 4)
            {
                FourRows<TS, TV>(p, whole);
                Edge(p, 4, whole, count);
            }

            Edge(p, K - p, 0, count);
            if (Alpha == 1 && Bias == null)
                return;
            for (int row = 0; row < M; row++)
                Finish<TS, TV>(C + (nint)row * N + _first, count);
        }

        /// <summary>Adds four rows of B to the whole vectors of the run.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void FourRows<TS, TV>(int p, int whole) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            float* left = A + p, b0 = B + p * (nint)N + _first, b1 = b0 + N, b2 = b1 + N, b3 = b2 + N, c = C + _first;
            nint k = K, n = N, ahead = 4 * n;
            int i = 0;
            for (; i + 2 * TS.Width <= whole; i += 2 * TS.Width)
            {
                if (TS.Width >= 8)
                {
                    Prefetch.Run(b0 + ahead + i, 2 * TS.Width);
                    Prefetch.Run(b1 + ahead + i, 2 * TS.Width);
                    Prefetch.Run(b2 + ahead + i, 2 * TS.Width);
                    Prefetch.Run(b3 + ahead + i, 2 * TS.Width);
                }

                TV b00 = TS.Load(b0 + i), b01 = TS.Load(b0 + i + TS.Width), b10 = TS.Load(b1 + i), b11 = TS.Load(b1 + i + TS.Width);
                TV b20 = TS.Load(b2 + i), b21 = TS.Load(b2 + i + TS.Width), b30 = TS.Load(b3 + i), b31 = TS.Load(b3 + i + TS.Width);
                float* a = left, to = c + i;
                for (int row = M; row > 0; row--, a += k, to += n)
                {
                    TV factor = TS.Broadcast(a[0]);
                    TV sum0 = TS.Fma(factor, b00, TS.Load(to)), sum1 = TS.Fma(factor, b01, TS.Load(to + TS.Width));
                    factor = TS.Broadcast(a[1]);
                    sum0 = TS.Fma(factor, b10, sum0);
                    sum1 = TS.Fma(factor, b11, sum1);
                    factor = TS.Broadcast(a[2]);
                    sum0 = TS.Fma(factor, b20, sum0);
                    sum1 = TS.Fma(factor, b21, sum1);
                    factor = TS.Broadcast(a[3]);
                    TS.Store(to, TS.Fma(factor, b30, sum0));
                    TS.Store(to + TS.Width, TS.Fma(factor, b31, sum1));
                }
            }

            for (; i < whole; i += TS.Width)
            {
                TV b00 = TS.Load(b0 + i), b10 = TS.Load(b1 + i), b20 = TS.Load(b2 + i), b30 = TS.Load(b3 + i);
                float* a = left, to = c + i;
                for (int row = M; row > 0; row--, a += k, to += n)
                {
                    TV sum = TS.Fma(TS.Broadcast(a[0]), b00, TS.Load(to));
                    sum = TS.Fma(TS.Broadcast(a[1]), b10, sum);
                    sum = TS.Fma(TS.Broadcast(a[2]), b20, sum);
                    TS.Store(to, TS.Fma(TS.Broadcast(a[3]), b30, sum));
                }
            }
        }

        /// <summary>Adds some rows of B one value at a time.</summary>
        readonly void Edge(int p, int depth, int from, int end)
        {
            for (int row = 0; row < M; row++)
            {
                float* a = A + (nint)row * K + p, to = C + (nint)row * N + _first;
                for (int d = 0; d < depth; d++)
                {
                    float* b = B + (p + d) * (nint)N + _first;
                    for (int i = from; i < end; i++)
                        to[i] = MathF.FusedMultiplyAdd(a[d], b[i], to[i]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Finish<TS, TV>(float* c, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(c + i, Finished<TS, TV>(TS.Load(c + i), _first + i));
            for (; i < count; i++)
                c[i] = Finished<SimdScalar, float>(c[i], _first + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Finished<TS, TV>(TV sum, int column) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Alpha != 1)
                sum = TS.Mul(TS.Broadcast(Alpha), sum);
            return Bias == null ? sum : TS.Add(sum, TS.Load(Bias + column));
        }
    }
}
