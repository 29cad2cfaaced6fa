using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>y = alpha * x Wᵀ + bias, x of M x K, W of N x K with its rows in memory: the direction of a dense layer that sums along its weights.</summary>
/// <remarks>
/// <para>Order: each output is 16 interleaved partial sums, element p going to partial p mod 16, each a chain fma(w, x, acc) from +0, p ascending,
/// joined by the tree of <see cref="InterleavedSum"/>; then, where alpha is not 1, a multiplication by it; the bias is added last. It does not depend
/// on M, N, blocks, threads or vectors, but differs from the one chain of <see cref="MatrixMultiplication"/>, which would need W turned.</para>
/// <para>A ticket is up to 32 outputs of a block of samples. It reads its weights where they lie and once, a block of depth after the other, in which
/// the samples stay in the second-level cache; partial sums rest in scratch meanwhile. Four rows are read side by side.</para>
/// </remarks>
internal static unsafe class DotProduct
{
    public const int Partials = InterleavedSum.Partials;

    // Rows of a ticket, whole vectors of any instruction set; their partial sums for the most samples are 256 KB.
    const int TicketRows = 32, TileRows = 4, MostSamples = 128;

    // Samples of a block of depth: 256 KB of the second-level cache.
    const int SampleFloats = 65536;

    /// <summary>Depth of a block where weights are used more than once: four rows of it (8 KB) stay in the first-level cache.</summary>
    const int SharedDepth = 512;

    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution) => execution.Lanes * LaneBytes;

    /// <summary>Computes y, row-major.</summary>
    /// <param name="bias">N values, or null.</param>
    public static void Run(Execution execution, int m, int n, int k, float* x, float* w, float* y, float alpha, float* bias, nint scratch)
    {
        int samples = Math.Min(m, MostSamples), rows = TicketRows;
        // Three tickets per lane even out machines with fast and slow processors.
        while (execution.Lanes > 1 && rows > TileRows && (long)Count(n, rows) * Count(m, samples) < 3L * execution.Lanes)
            rows /= 2;
        var job = new Job
        {
            Isa = execution.Isa, M = m, N = n, K = k, Rows = rows, Samples = samples, RowBlocks = Count(n, rows), X = x, W = w, Y = y, Alpha = alpha,
            Bias = bias, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, job.RowBlocks * Count(m, samples), execution.Lanes);
    }

    static int Count(int extent, int block) => (extent + block - 1) / block;

    static long LaneBytes => (MostSamples * TicketRows + Partials) * Partials * sizeof(float);

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int M, N, K, Rows, Samples, RowBlocks;
        public float* X, W, Y;
        public float Alpha;
        public float* Bias;
        public nint Scratch;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int row0 = _ticket % RowBlocks * Rows, rows = Math.Min(Rows, N - row0);
            int sample0 = _ticket / RowBlocks * Samples, samples = Math.Min(Samples, M - sample0);
            float* sums = (float*)(Scratch + (nint)(_lane * LaneBytes)), turned = sums + MostSamples * TicketRows * Partials;
            float* x = X + (nint)sample0 * K, w = W + (nint)row0 * K;
            int most = TS.Width >= 16 || TS.Width == 4 ? 6 : 2, tiles = Count(samples, most);
            int whole = K / Partials * Partials, depth = SampleFloats / samples / Partials * Partials;
            // Weights that are read again, by other samples or for other partial sums, have to stay close meanwhile.
            if (tiles > 1 || TS.Width < Partials)
                depth = Math.Min(depth, SharedDepth);
            for (int from = 0; from < whole || from == 0; from += depth)
            {
                int count = Math.Min(depth, whole - from);
                for (int row = 0, high; row < rows; row += high)
                {
                    high = rows - row >= TileRows ? TileRows : 1;
                    float* rowW = w + row * (nint)K + from, rowSums = sums + row * Partials;
                    nint ahead = tiles == 1 ? 512 : row + high < rows ? high * (nint)K : depth - row * (nint)K, step = Partials / tiles;
                    for (int sample = 0, wide, tile = 0; sample < samples; sample += wide, tile++)
                    {
                        wide = (samples - sample + tiles - tile - 1) / (tiles - tile);
                        for (int part = 0; part < Partials; part += TS.Width)
                        {
                            Tile<TS, TV>(high, wide, count, rowW + part, x + sample * (nint)K + from + part, rowSums + sample * TicketRows * Partials + part, from > 0,
                                part == 0 ? ahead + (nint)count * tile / tiles : 0, step);
                        }
                    }
                }
            }

            if (whole < K)
                Rest(x + whole, w + whole, K - whole, rows, samples, sums);
            for (int sample = 0; sample < samples; sample++)
                Join<TS, TV>(sums + (nint)sample * TicketRows * Partials, turned, Y + (nint)(sample0 + sample) * N + row0, Bias == null ? null : Bias + row0, rows);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Tile<TS, TV>(int rows, int samples, nint depth, float* w, float* x, float* sums, bool resume, nint ahead, nint aheadStep)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (rows == TileRows)
                Tile<TS, TV, Four>(samples, depth, w, x, sums, resume, ahead, aheadStep);
            else
                Tile<TS, TV, One>(samples, depth, w, x, sums, resume, ahead, aheadStep);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Tile<TS, TV, TRows>(int samples, nint depth, float* w, float* x, float* sums, bool resume, nint ahead, nint aheadStep)
            where TS : struct, ISimd<TV> where TV : unmanaged where TRows : struct, ICount
        {
            const int LdSums = TicketRows * Partials;
            switch (samples)
            {
                case 1:
                    DotTile.Run<TS, TV, TRows, One>(depth, w, K, x, K, sums, LdSums, resume, ahead, aheadStep);
                    break;
                case 2:
                    DotTile.Run<TS, TV, TRows, Two>(depth, w, K, x, K, sums, LdSums, resume, ahead, aheadStep);
                    break;
                case 3:
                    DotTile.Run<TS, TV, TRows, Three>(depth, w, K, x, K, sums, LdSums, resume, ahead, aheadStep);
                    break;
                case 4:
                    DotTile.Run<TS, TV, TRows, Four>(depth, w, K, x, K, sums, LdSums, resume, ahead, aheadStep);
                    break;
                case 5:
                    DotTile.Run<TS, TV, TRows, Five>(depth, w, K, x, K, sums, LdSums, resume, ahead, aheadStep);
                    break;
                default:
                    DotTile.Run<TS, TV, TRows, Six>(depth, w, K, x, K, sums, LdSums, resume, ahead, aheadStep);
                    break;
            }
        }

        /// <summary>The last elements, fewer than there are partial sums.</summary>
        readonly void Rest(float* x, float* w, int count, int rows, int samples, float* sums)
        {
            for (int sample = 0; sample < samples; sample++, x += K, sums += TicketRows * Partials)
            {
                for (int row = 0; row < rows; row++)
                {
                    float* weights = w + row * (nint)K, sum = sums + row * Partials;
                    for (int j = 0; j < count; j++)
                        sum[j] = MathF.FusedMultiplyAdd(weights[j], x[j], sum[j]);
                }
            }
        }

        /// <summary>Joins the partial sums of one sample, a vector of outputs at a time.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Join<TS, TV>(float* sums, float* turned, float* y, float* bias, int rows) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int row = 0; row < rows; row += TS.Width, sums += TS.Width * Partials)
            {
                for (int part = 0; part < Partials; part += TS.Width)
                    TS.Transpose(sums + part, Partials, turned + part * TS.Width, TS.Width);
                TV sum = TS.Add(TS.Add(Four<TS, TV>(turned, 0), Four<TS, TV>(turned, 2)), TS.Add(Four<TS, TV>(turned, 1), Four<TS, TV>(turned, 3)));
                float* biases = bias == null ? null : bias + row;
                if (row + TS.Width <= rows)
                {
                    TS.Store(y + row, Finished<TS, TV>(sum, biases));
                    continue;
                }

                TS.Store(turned, sum);
                for (int i = 0; row + i < rows; i++)
                    y[row + i] = Finished<SimdScalar, float>(turned[i], biases == null ? null : biases + i);
            }
        }

        /// <summary>The first two levels of the tree: partial sums j and 8 + j, and those to 4 + j and 12 + j.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static TV Four<TS, TV>(float* turned, int j) where TS : struct, ISimd<TV> where TV : unmanaged =>
            TS.Add(TS.Add(TS.Load(turned + j * TS.Width), TS.Load(turned + (j + 8) * TS.Width)),
                TS.Add(TS.Load(turned + (j + 4) * TS.Width), TS.Load(turned + (j + 12) * TS.Width)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Finished<TS, TV>(TV sum, float* bias) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Alpha != 1)
                sum = TS.Mul(TS.Broadcast(Alpha), sum);
            return bias == null ? sum : TS.Add(sum, TS.Load(bias));
        }
    }
}
