using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>C = alpha * A B + bias, A of M x K, B of K x N, C of M x N row-major.</summary>
/// <remarks>
/// <para>Order: each output is one chain fma(a, b, acc), k ascending, from +0, or from what C holds when resuming; then, where alpha is not 1, a
/// multiplication by it; the bias of the column is added last. It does not depend on M, N, blocks, threads or vectors.</para>
/// <para>A ticket is a block of C. For each block of depth it packs the right matrix once, panel by panel at first use, and the left one in parts
/// that fit the second-level cache; sums between blocks of depth rest in C. While tiles are computed the next panel to be packed is fetched. A right
/// matrix with unit stride along its rows is read in place while there are few rows on the left.</para>
/// </remarks>
internal static unsafe class MatrixMultiplication
{
    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution) => execution.Lanes * LaneBytes(GemmBlocking.For(execution.Isa));

    /// <summary>Computes C.</summary>
    /// <param name="bias">N values, or null.</param>
    /// <param name="resume">Whether the sums start from what C holds; alpha must then be 1.</param>
    public static void Run(Execution execution, int m, int n, int k, MatrixView a, MatrixView b, float* c, nint ldc, float alpha,
        float* bias, bool resume, nint scratch)
    {
        var tile = GemmBlocking.For(execution.Isa);
        var blocks = ProductBlocks.For(tile, m, n, execution.Lanes, b.ColumnStride != 1);
        var job = new Job
        {
            Isa = execution.Isa, Tile = tile, Blocks = blocks, M = m, N = n, K = k, A = a, B = b, C = c, Ldc = ldc, Alpha = alpha, Bias = bias, Resume = resume,
            Scratch = scratch, ColumnBlocks = ProductBlocks.Count(n, blocks.Columns),
        };
        WorkerTeam.Shared.Run(ref job, job.ColumnBlocks * ProductBlocks.Count(m, blocks.Rows), execution.Lanes);
    }

    static long RightFloats => ProductBlocks.Depth * ProductBlocks.MaxColumns;

    static long LeftFloats(GemmBlocking tile) => ProductBlocks.Depth * (ProductBlocks.LeftRows + tile.Rows);

    static long LaneBytes(GemmBlocking tile) => AlignedBuffer.RoundUp((RightFloats + LeftFloats(tile) + tile.Rows * tile.Columns) * sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public GemmBlocking Tile;
        public ProductBlocks Blocks;
        public int M, N, K, ColumnBlocks;
        public MatrixView A, B;
        public float* C;
        public nint Ldc, Scratch;
        public float Alpha;
        public float* Bias;
        public bool Resume;
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
            int row0 = _ticket / ColumnBlocks * Blocks.Rows, rows = Math.Min(Blocks.Rows, M - row0);
            int column0 = _ticket % ColumnBlocks * Blocks.Columns, columns = Math.Min(Blocks.Columns, N - column0);
            float* right = (float*)(Scratch + (nint)(_lane * LaneBytes(Tile)));
            float* left = right + RightFloats, edge = left + LeftFloats(Tile);
            bool inPlace = B.ColumnStride == 1 && rows <= 2 * Tile.Rows;
            for (int k0 = 0; k0 < K || k0 == 0; k0 += ProductBlocks.Depth)
            {
                var step = new Step(k0, Math.Min(ProductBlocks.Depth, K - k0), Resume || k0 > 0, k0 + ProductBlocks.Depth >= K);
                for (int row = 0; row < rows; row += ProductBlocks.LeftRows)
                {
                    int count = Math.Min(ProductBlocks.LeftRows, rows - row);
                    PackLeft<TS, TV>(row0 + row, count, step, left);
                    float* panel = right;
                    for (int j = 0, width; j < columns; j += width, panel += step.Depth * Tile.Columns)
                    {
                        width = Width<TS, TV>(columns - j);
                        bool here = inPlace && width % TS.Width == 0;
                        if (row == 0 && !here)
                            PackRight<TS, TV>(step, column0 + j, width, panel);
                        float* next = row == 0 && B.ColumnStride == 1 && j + width < columns ? B.At(k0, column0 + j + width) : null;
                        Tiles<TS, TV>(step, row0 + row, count, left, here ? B.From(k0, column0 + j) : MatrixView.Rows(panel, Tile.Columns), column0 + j, width, next, edge);
                    }
                }
            }
        }

        /// <summary>Columns of the next panel: a tile's, but two and two vectors rather than three and one, which would wait for its loads.</summary>
        static int Width<TS, TV>(int columns) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int most = TS.TileVectors * TS.Width;
            return Math.Min(columns, TS.TileVectors > 2 && columns > most && columns <= most + TS.Width ? most - TS.Width : most);
        }

        /// <summary>All packed row panels times one column panel.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Tiles<TS, TV>(Step step, int row0, int rows, float* left, MatrixView right, int column, int width, float* next, float* edge)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int vectors = (width + TS.Width - 1) / TS.Width, padded = vectors * TS.Width;
            int share = next != null ? (step.Depth * TS.TileRows + rows - 1) / rows : 0, fetched = 0;
            for (int row = 0; row < rows; row += TS.TileRows)
            {
                int count = Math.Min(TS.TileRows, rows - row), panelRows = GemmBlocking.PanelRows(count);
                float* c = C + (row0 + row) * Ldc + column;
                for (int end = Math.Min(fetched + share, step.Depth); fetched < end; fetched++)
                    Prefetch.Run(next + fetched * B.RowStride, TS.TileVectors * TS.Width);
                // The sums of the next tile, which rest in C meanwhile, are on their way while this one multiplies.
                if (step.Resume && row + TS.TileRows < rows)
                {
                    for (int i = TS.TileRows; i < 2 * TS.TileRows; i++)
                        Prefetch.Run(c + i * Ldc, width);
                }

                bool whole = panelRows == count && padded == width;
                float* to = whole ? c : edge;
                nint ld = whole ? Ldc : Tile.Columns;
                if (!whole && step.Resume)
                    PanelPacking.Straight<TS, TV>(c, Ldc, count, width, edge, ld, padded);
                TileDispatch.Tile<TS, TV>(panelRows, vectors, step.Depth, left + row * (nint)step.Depth, right.Address, right.RowStride, to, ld, step.Resume);
                if (step.Last && (Alpha != 1 || Bias != null))
                {
                    for (int i = 0; i < count; i++)
                        Finish<TS, TV>(to + i * ld, Bias == null ? null : Bias + column, width);
                }

                if (!whole)
                    PanelPacking.Straight<TS, TV>(edge, ld, count, width, c, Ldc, width);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void PackLeft<TS, TV>(int row0, int rows, Step step, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int i = 0; i < rows; i += Tile.Rows, to += step.Depth * Tile.Rows)
            {
                int count = Math.Min(Tile.Rows, rows - i), padded = GemmBlocking.PanelRows(count);
                if (A.ColumnStride == 1)
                    PanelPacking.Transposed<TS, TV>(A.At(row0 + i, step.From), A.RowStride, step.Depth, count, to, padded, padded, 8, 0);
                else
                    PanelPacking.Straight<TS, TV>(A.At(row0 + i, step.From), A.ColumnStride, step.Depth, count, to, padded, padded);
            }
        }

        readonly void PackRight<TS, TV>(Step step, int column, int width, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int padded = (width + TS.Width - 1) / TS.Width * TS.Width;
            if (B.ColumnStride == 1)
                PanelPacking.Straight<TS, TV>(B.At(step.From, column), B.RowStride, step.Depth, width, to, Tile.Columns, padded);
            else if (Blocks.Columns <= ProductBlocks.NarrowColumns)
                // The ticket reads these columns to their end: what comes next is their next block of depth.
                PanelPacking.Transposed<TS, TV>(B.At(step.From, column), B.ColumnStride, step.Depth, width, to, Tile.Columns, padded, 0, ProductBlocks.Depth);
            else
                PanelPacking.Transposed<TS, TV>(B.At(step.From, column), B.ColumnStride, step.Depth, width, to, Tile.Columns, padded, 2 * TS.Width, 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Finish<TS, TV>(float* c, float* bias, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(c + i, Finished<TS, TV>(TS.Load(c + i), bias == null ? null : bias + i));
            for (; i < count; i++)
                c[i] = Finished<SimdScalar, float>(c[i], bias == null ? null : bias + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Finished<TS, TV>(TV sum, float* bias) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Alpha != 1)
                sum = TS.Mul(TS.Broadcast(Alpha), sum);
            return bias == null ? sum : TS.Add(sum, TS.Load(bias));
        }
    }

    /// <summary>A block of depth.</summary>
    readonly record struct Step(int From, int Depth, bool Resume, bool Last);
}
