using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>C = alpha * A B + bias for a few rows of A: B is read once, in the order it lies in memory, and nothing is packed.</summary>
/// <remarks>
/// <para>The dense layer of a small batch, bound by reading its weights. Order as of <see cref="MatrixMultiplication"/>: one chain fma(a, b, acc) per
/// output, k ascending from +0, then alpha where it is not 1, the bias last; which of the two runs cannot be told from the bits.</para>
/// <para>Where the rows of B follow each other (unit stride along N), a ticket keeps a run of outputs in the first-level cache and adds four rows
/// at a time. Where its columns do (unit stride along K), a ticket has one vector of outputs: it reads as many columns side by side and
/// transposes them block by block on the way to the registers.</para>
/// </remarks>
internal static unsafe class StreamedProduct
{
    /// <summary>Rows of A from which on packing pays.</summary>
    public const int MaxRows = 4;

    // 1024 floats: the accumulators of four rows (16 KB) stay in the first-level cache beside four rows of B.
    const int RunLength = 1024;

    /// <summary>Computes C, row-major with <paramref name="n"/> columns.</summary>
    public static void Run(Execution execution, int m, int n, int k, float* a, MatrixView b, float* c, float alpha, float* bias)
    {
        bool rowsLie = b.ColumnStride == 1;
        int run = rowsLie ? Math.Min(RunLength, (n / (3 * execution.Lanes) + 63) / 64 * 64 + 64) : Lanes(execution.Isa);
        var job = new Job { Isa = execution.Isa, M = m, N = n, K = k, A = a, B = b, C = c, Alpha = alpha, Bias = bias, RunLength = run, RowsLie = rowsLie };
        WorkerTeam.Shared.Run(ref job, (n + run - 1) / run, execution.Lanes);
    }

    static int Lanes(Isa isa) => GemmBlocking.For(isa).Lanes;

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int M, N, K, RunLength;
        public bool RowsLie;
        public float* A;
        public MatrixView B;
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

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int count = Math.Min(RunLength, N - _first);
            if (RowsLie)
                AddRows<TS, TV>(count);
            else if (M == 1)
                Columns<TS, TV, One>(count);
            else if (M == 2)
                Columns<TS, TV, Two>(count);
            else
                Columns<TS, TV, Four>(count);
            for (int row = 0; row < M; row++)
                Finish<TS, TV>(C + (nint)row * N + _first, count);
        }

        /// <summary>Sums of B's rows, four at a time, over a run of outputs kept where they belong.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void AddRows<TS, TV>(int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int row = 0; row < M; row++)
                new Span<float>(C + (nint)row * N + _first, count).Clear();
            int whole = count / TS.Width * TS.Width;
            for (int p = 0; p < K; p += 4)
            {
                int depth = Math.Min(4, K - p);
                float* b0 = B.At(p, _first), b1 = B.At(p + Math.Min(1, depth - 1), _first), b2 = B.At(p + Math.Min(2, depth - 1), _first), b3 = B.At(p + depth - 1, _first);
                for (int row = 0; row < M; row++)
                {
                    float* a = A + (nint)row * K + p, to = C + (nint)row * N + _first;
                    if (depth == 4)
                    {
                        FourRows<TS, TV>(a, b0, b1, b2, b3, to, 0, whole);
                        FourRows<SimdScalar, float>(a, b0, b1, b2, b3, to, whole, count);
                    }
                    else
                    {
                        for (int d = 0; d < depth; d++)
                            OneRow(a[d], B.At(p + d, _first), to, count);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void FourRows<TS, TV>(float* a, float* b0, float* b1, float* b2, float* b3, float* to, int from, int end) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV a0 = TS.Broadcast(a[0]), a1 = TS.Broadcast(a[1]), a2 = TS.Broadcast(a[2]), a3 = TS.Broadcast(a[3]);
            for (int i = from; i < end; i += TS.Width)
            {
                TV sum = TS.Fma(a0, TS.Load(b0 + i), TS.Load(to + i));
                sum = TS.Fma(a1, TS.Load(b1 + i), sum);
                sum = TS.Fma(a2, TS.Load(b2 + i), sum);
                TS.Store(to + i, TS.Fma(a3, TS.Load(b3 + i), sum));
            }
        }

        static void OneRow(float a, float* b, float* to, int count)
        {
            for (int i = 0; i < count; i++)
                to[i] = MathF.FusedMultiplyAdd(a, b[i], to[i]);
        }

        /// <summary>One vector of outputs, for TRows rows of A at once (those beyond M repeat the last and are dropped).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Columns<TS, TV, TRows>(int count) where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount
        {
            // Vectors of 16 floats are the widest there are.
            float* block = stackalloc float[16 * 16];
            float* columns = B.At(0, _first), a0 = A, a1 = A + Math.Min(1, M - 1) * (nint)K, a2 = A + Math.Min(2, M - 1) * (nint)K, a3 = A + (M - 1) * (nint)K;
            TV c0 = default, c1 = default, c2 = default, c3 = default;
            for (int p = 0; p < K; p += TS.Width)
            {
                int depth = Math.Min(TS.Width, K - p);
                if (depth == TS.Width && count == TS.Width)
                    TS.Transpose(columns + p, B.ColumnStride, block, TS.Width);
                else
                    Gather(columns + p, count, depth, TS.Width, block);
                for (int j = 0; j < depth; j++)
                {
                    TV w = TS.Load(block + j * TS.Width);
                    c0 = TS.Fma(TS.Broadcast(a0[p + j]), w, c0);
                    if (TRows.Count > 1) c1 = TS.Fma(TS.Broadcast(a1[p + j]), w, c1);
                    if (TRows.Count > 2) c2 = TS.Fma(TS.Broadcast(a2[p + j]), w, c2);
                    if (TRows.Count > 3) c3 = TS.Fma(TS.Broadcast(a3[p + j]), w, c3);
                }
            }

            Put<TS, TV>(c0, 0, count, block);
            if (TRows.Count > 1) Put<TS, TV>(c1, 1, count, block);
            if (TRows.Count > 2) Put<TS, TV>(c2, 2, count, block);
            if (TRows.Count > 3) Put<TS, TV>(c3, 3, count, block);
        }

        /// <summary>A block at an edge of B, zero where B has no column.</summary>
        readonly void Gather(float* from, int count, int depth, int width, float* block)
        {
            for (int j = 0; j < depth; j++)
            {
                for (int i = 0; i < width; i++)
                    block[j * width + i] = i < count ? from[i * B.ColumnStride + j] : 0;
            }
        }

        readonly void Put<TS, TV>(TV sums, int row, int count, float* scratch) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (row >= M)
                return;
            TS.Store(scratch, sums);
            new ReadOnlySpan<float>(scratch, count).CopyTo(new Span<float>(C + (nint)row * N + _first, count));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Finish<TS, TV>(float* c, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Alpha == 1 && Bias == null)
                return;
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
