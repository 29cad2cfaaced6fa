using System.Runtime.CompilerServices;
using Preimage.Cpu.Draws;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>y = alpha * x Wᵀ + bias, x of M x K, W of N x K with its rows in memory: the direction of a dense layer that sums along its weights.</summary>
/// <remarks>
/// <para>Order: each output is 16 interleaved partial sums, element p going to partial p mod 16, each a chain fma(w, x, acc) from +0, p ascending,
/// joined by the tree of <see cref="InterleavedSum"/>; then, where alpha is not 1, a multiplication by it; the bias is added last. It does not depend
/// on M, N, blocks, threads or vectors, but differs from the one chain of <see cref="MatrixMultiplication"/>, which would need W turned.</para>
/// <para>A ticket is a block of outputs of a block of samples. It reads its weights where they lie, four rows side by side and once, a block of depth
/// after the other, in which the samples, packed tile by tile, stay in the second-level cache; partial sums rest in scratch meanwhile.</para>
/// </remarks>
internal static unsafe class DotProduct
{
    public const int Partials = InterleavedSum.Partials;

    const int MostSamples = 64;

    // Rows of a ticket: many, as the samples are packed for each and the next ticket's first weights may have been fetched in vain. Outputs of a
    // ticket: their partial sums are 256 KB.
    const int MostRows = 128, TicketOutputs = 4096;

    // Samples of a block of depth: 256 KB of the second-level cache.
    const int SampleFloats = 65536;

    // Up to so many samples, weights are read in whole rows and go through the registers once.
    const int FewSamples = 3;

    // Depth of a block for more samples: four rows of it (8 KB) stay in the first-level cache together with what is fetched for the next four. Many
    // samples have so much to do that memory waits for them anyway, and gain by resting their sums more seldom.
    const int SharedDepth = 512, LongDepth = 1024, SharingTiles = 3;

    // What is fetched ahead of whole rows: in each row under way this far; or, for one sample where rows are so short that four of them stay in the
    // second-level cache, the next four one after the other, which memory gives faster.
    const int Ahead = 256, ShortRow = 16384;

    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution) => execution.Lanes * LaneBytes<RowsInMemory>();

    /// <summary>Bytes of scratch where weights are drawn.</summary>
    public static long DrawnScratchBytes(Execution execution) => execution.Lanes * LaneBytes<DrawnRows>();

    /// <summary>Computes y, row-major.</summary>
    /// <param name="bias">N values, or null.</param>
    public static void Run(Execution execution, int m, int n, int k, float* x, float* w, float* y, float alpha, float* bias, nint scratch) =>
        Run(execution, m, n, k, x, new RowsInMemory(w), y, alpha, bias, scratch);

    /// <summary>The same with drawn weights, of which no more than a few thousand are in memory at a time; a block of 64 samples draws them once.</summary>
    public static void Run(Execution execution, int m, int n, int k, float* x, in DrawnArray w, float* y, float alpha, float* bias, nint scratch) =>
        Run(execution, m, n, k, x, new DrawnRows(w), y, alpha, bias, scratch);

    static void Run<TRows>(Execution execution, int m, int n, int k, float* x, TRows w, float* y, float alpha, float* bias, nint scratch)
        where TRows : struct, IWeightRows
    {
        int samples = Math.Min(m, MostSamples), rows = Math.Min(MostRows, TicketOutputs / samples / Partials * Partials);
        // Three tickets per lane even out machines with fast and slow processors.
        while (execution.Lanes > 1 && rows > TRows.LeastRows && (long)Count(n, rows) * Count(m, samples) < 3L * execution.Lanes)
            rows = Count(rows, 2 * TRows.LeastRows) * TRows.LeastRows;
        var job = new Job<TRows>
        {
            Isa = execution.Isa, M = m, N = n, K = k, Rows = rows, Samples = samples, SampleBlocks = Count(m, samples), X = x, W = w, Y = y, Alpha = alpha,
            Bias = bias, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, job.SampleBlocks * Count(n, rows), execution.Lanes);
    }

    static int Count(int extent, int block) => (extent + block - 1) / block;

    static long LaneBytes<TRows>() where TRows : struct, IWeightRows =>
        ((TicketOutputs + MostSamples * Partials + Partials) * Partials + SampleFloats + TRows.LaneFloats) * sizeof(float);

    struct Job<TRows> : ITicketJob, ISimdKernel where TRows : struct, IWeightRows
    {
        public Isa Isa;
        public int M, N, K, Rows, Samples, SampleBlocks;
        public float* X, Y;
        public TRows W;
        public float Alpha;
        public float* Bias;
        public nint Scratch;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            Job<TRows> own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int row0 = _ticket / SampleBlocks * Rows, rows = Math.Min(Rows, N - row0);
            int sample0 = _ticket % SampleBlocks * Samples, samples = Math.Min(Samples, M - sample0);
            float* packed = (float*)(Scratch + (nint)(_lane * LaneBytes<TRows>())), room = packed + SampleFloats, turned = room + TRows.LaneFloats;
            float* x = X + (nint)sample0 * K, sums = turned + Partials * Partials;
            // Whole vectors of outputs are joined, whatever the rest of the last one holds.
            nint ldSums = Count(rows, Partials) * Partials * Partials;
            int tiles = Count(samples, TS.Width is 8 or 1 ? 2 : 6), tileRows = 4 / DotTile.SlotsOfRow<TS, TV>();
            int whole = K / Partials * Partials, depth = Math.Max(samples == 1 ? whole : SampleFloats / samples / Partials * Partials, Partials);
            if (samples > FewSamples)
                depth = Math.Min(depth, tiles <= SharingTiles ? SharedDepth : LongDepth);
            depth = Math.Min(depth, TRows.MostDepth);
            for (int from = 0; from < whole || from == 0; from += depth)
            {
                int count = Math.Min(depth, whole - from);
                if (samples > 1)
                    Pack<TS, TV>(x + from, count, samples, tiles, packed);
                for (int row = 0, high; row < rows; row += high)
                {
                    high = rows - row >= tileRows ? tileRows : 1;
                    float* block = W.Take(Isa, row0 + row, high, from, count, K, room, out nint ldw);
                    float* next = row + high < rows || from + depth >= whole ? block + high * ldw : block - row * ldw + count;
                    for (int tile = 0, sample = 0, wide; tile < tiles; tile++, sample += wide)
                    {
                        wide = Wide(samples - sample, tiles - tile);
                        float* own = samples == 1 ? x + from : packed + (nint)sample * count, to = sums + sample * ldSums + row * Partials;
                        if (samples > FewSamples)
                            Tile<TS, TV>(high, wide, count, block, ldw, own, to, ldSums, from > 0, next + (nint)count * tile / tiles, K, Partials / tiles);
                        else if (samples == 1 && K <= ShortRow)
                            Tile<TS, TV>(high, wide, count, block, ldw, own, to, ldSums, from > 0, next, Partials, high * Partials);
                        else
                            Tile<TS, TV>(high, wide, count, block, ldw, own, to, ldSums, from > 0, block + Ahead, K, Partials);
                    }
                }
            }

            if (whole < K)
                Rest(x, whole, row0, rows, samples, sums, ldSums, room);
            for (int sample = 0; sample < samples; sample++)
                Join<TS, TV>(sums + sample * ldSums, turned, Y + (nint)(sample0 + sample) * N + row0, Bias == null ? null : Bias + row0, rows);
        }

        /// <summary>Samples of the next tile, all tiles left being nearly as wide.</summary>
        static int Wide(int samples, int tiles) => Count(samples, tiles);

        /// <summary>Packs a block of depth of the samples for their tiles: [tile][depth / 16][sample][16].</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Pack<TS, TV>(float* x, int depth, int samples, int tiles, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int wide; tiles > 0; tiles--, samples -= wide, to += (nint)wide * depth)
            {
                wide = Wide(samples, tiles);
                for (int sample = 0; sample < wide; sample++, x += K)
                {
                    float* at = to + sample * Partials;
                    for (nint p = 0; p < depth; p += Partials, at += wide * Partials)
                    {
                        for (int part = 0; part < Partials; part += TS.Width)
                            TS.Store(at + part, TS.Load(x + p + part));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Tile<TS, TV>(int rows, int samples, nint depth, float* w, nint ldw, float* x, float* sums, nint ldSums, bool resume, float* fetch,
            nint fetchStride, nint fetchStep) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (TS.Width < 4)
            {
                for (int part = 0; part < Partials; part += 4)
                    Tile<TS, TV, Four>(samples, depth, w + part, ldw, x + part, sums + part, ldSums, resume, fetch, fetchStride, fetchStep);
            }
            else if (TS.Width == 4 || rows > 1)
                Tile<TS, TV, Four>(samples, depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
            else if (TS.Width == 8)
                Tile<TS, TV, Two>(samples, depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
            else
                Tile<TS, TV, One>(samples, depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Tile<TS, TV, TSlots>(int samples, nint depth, float* w, nint ldw, float* x, float* sums, nint ldSums, bool resume, float* fetch,
            nint fetchStride, nint fetchStep) where TS : struct, ISimd<TV> where TV : unmanaged where TSlots : struct, ICount
        {
            switch (samples)
            {
                case 1:
                    DotTile.Run<TS, TV, TSlots, One>(depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
                    break;
                case 2:
                    DotTile.Run<TS, TV, TSlots, Two>(depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
                    break;
                case 3:
                    DotTile.Run<TS, TV, TSlots, Three>(depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
                    break;
                case 4:
                    DotTile.Run<TS, TV, TSlots, Four>(depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
                    break;
                case 5:
                    DotTile.Run<TS, TV, TSlots, Five>(depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
                    break;
                default:
                    DotTile.Run<TS, TV, TSlots, Six>(depth, w, ldw, x, sums, ldSums, resume, fetch, fetchStride, fetchStep);
                    break;
            }
        }

        /// <summary>The last elements, fewer than there are partial sums.</summary>
        readonly void Rest(float* x, int whole, int row0, int rows, int samples, float* sums, nint ldSums, float* room)
        {
            int count = K - whole;
            for (int row = 0; row < rows; row++)
            {
                float* weights = W.Take(Isa, row0 + row, 1, whole, count, K, room, out _);
                for (int sample = 0; sample < samples; sample++)
                {
                    float* values = x + sample * (nint)K + whole, sum = sums + sample * ldSums + row * Partials;
                    for (int j = 0; j < count; j++)
                        sum[j] = MathF.FusedMultiplyAdd(weights[j], values[j], sum[j]);
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
