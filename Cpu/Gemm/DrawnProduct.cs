using System.Runtime.CompilerServices;
using Preimage.Cpu.Draws;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>C = alpha * A B + bias for a B that is drawn a piece of a row at a time: the direction of a dense layer that sums across the rows of drawn weights.</summary>
/// <remarks>
/// <para>Order as in <see cref="StreamedProduct"/>: one chain fma(a, b, acc) per output, k ascending from +0, then alpha where it is not 1, the bias last. Rows that
/// every sample multiplies by zero are not drawn: their terms change no sum, and a single seeded logit draws a single row.</para>
/// <para>A ticket keeps a run of outputs of all rows of A in the caches and walks down B.</para>
/// </remarks>
internal static unsafe class DrawnProduct
{
    // Floats of a run, drawn into 8 KB; no shorter than drawing pays, unless there are few columns.
    const int LongestRun = 2048, ShortestRun = 256;

    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution) => execution.Lanes * (long)LongestRun * sizeof(float);

    /// <summary>Computes C, row-major with <paramref name="n"/> columns.</summary>
    /// <param name="b">K x N, row-major.</param>
    /// <param name="bias">N values, or null.</param>
    public static void Run(Execution execution, int m, int n, int k, float* a, in DrawnArray b, float* c, float alpha, float* bias, nint scratch)
    {
        int run = LongestRun;
        if (execution.Lanes > 1)
            run = Math.Clamp((n / (3 * execution.Lanes) + 63) / 64 * 64, ShortestRun, LongestRun);
        var job = new Job { Isa = execution.Isa, M = m, N = n, K = k, A = a, B = b, C = c, Alpha = alpha, Bias = bias, RunLength = run, Scratch = scratch };
        WorkerTeam.Shared.Run(ref job, (n + run - 1) / run, execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int M, N, K, RunLength;
        public float* A, C;
        public DrawnArray B;
        public float Alpha;
        public float* Bias;
        public nint Scratch;
        int _first, _lane;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._first = ticket * RunLength;
            own._lane = lane;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int count = Math.Min(RunLength, N - _first);
            float* drawn = (float*)Scratch + (nint)_lane * LongestRun;
            for (int row = 0; row < M; row++)
                new Span<float>(C + (nint)row * N + _first, count).Clear();
            for (int p = 0; p < K; p++)
            {
                bool isDrawn = false;
                for (int row = 0; row < M; row++)
                {
                    float factor = A[(nint)row * K + p];
                    if (factor == 0)
                        continue;
                    if (!isDrawn)
                        RandomDraws.Fill(Isa, B, p * (long)N + _first, drawn, count);
                    isDrawn = true;
                    Add<TS, TV>(factor, drawn, C + (nint)row * N + _first, count);
                }
            }

            for (int row = 0; row < M && (Alpha != 1 || Bias != null); row++)
                Finish<TS, TV>(C + (nint)row * N + _first, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Add<TS, TV>(float factor, float* drawn, float* to, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV factors = TS.Broadcast(factor);
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(to + i, TS.Fma(factors, TS.Load(drawn + i), TS.Load(to + i)));
            for (; i < count; i++)
                to[i] = MathF.FusedMultiplyAdd(factor, drawn[i], to[i]);
        }

        readonly void Finish<TS, TV>(float* c, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(c + i, Finished<TS, TV>(TS.Load(c + i), _first + i));
            for (; i < count; i++)
                c[i] = Finished<SimdScalar, float>(c[i], _first + i);
        }

        readonly TV Finished<TS, TV>(TV sum, int column) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Alpha != 1)
                sum = TS.Mul(TS.Broadcast(Alpha), sum);
            return Bias == null ? sum : TS.Add(sum, TS.Load(Bias + column));
        }
    }
}
