using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>C = alpha * A B + bias, A of M x K, B of K x N, C of M x N row-major.</summary>
/// <remarks>
/// Order: each output is one chain fma(a, b, acc), k ascending, from +0, or from what C holds when resuming; then, where alpha is not 1, a
/// multiplication by it; the bias of the column is added last. It does not depend on M, N, blocks, threads or vectors.
/// Both matrices are packed on the way, in blocks that fit the caches; a right matrix with unit stride along its rows is read in place
/// while there are few rows on the left, as in a dense layer with a small batch, which is then bound by streaming B once.
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
        var blocking = GemmBlocking.For(execution.Isa);
        int panels = blocking.BlockPanels(n, (m + GemmBlocking.MaxRows - 1) / GemmBlocking.MaxRows, execution.Lanes);
        int columnBlocks = Blocks(n, panels * blocking.Columns);
        int rows = blocking.BlockRows(m, columnBlocks, execution.Lanes);
        var job = new Job
        {
            Isa = execution.Isa, Blocking = blocking, M = m, N = n, K = k, A = a, B = b, C = c, Ldc = ldc, Alpha = alpha, Bias = bias, Resume = resume,
            Scratch = scratch, BlockRows = rows, BlockColumns = panels * blocking.Columns, ColumnBlocks = columnBlocks,
        };
        WorkerTeam.Shared.Run(ref job, columnBlocks * Blocks(m, rows), execution.Lanes);
    }

    static int Blocks(int extent, int block) => (extent + block - 1) / block;

    static long LaneBytes(GemmBlocking blocking) =>
        AlignedBuffer.RoundUp((blocking.ScratchFloats + (long)GemmBlocking.Depth * (GemmBlocking.MaxRows + blocking.Rows)) * sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public GemmBlocking Blocking;
        public int M, N, K, BlockRows, BlockColumns, ColumnBlocks;
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

        public void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int row0 = _ticket / ColumnBlocks * BlockRows, rows = Math.Min(BlockRows, M - row0);
            int column0 = _ticket % ColumnBlocks * BlockColumns, columns = Math.Min(BlockColumns, N - column0);
            float* packedB = (float*)(Scratch + (nint)(_lane * LaneBytes(Blocking)));
            float* packedA = packedB + GemmBlocking.Depth * Blocking.Columns * GemmBlocking.MaxPanels;
            float* sums = packedA + GemmBlocking.Depth * (GemmBlocking.MaxRows + Blocking.Rows);
            nint ldSums = BlockColumns;
            if (Resume)
                PanelPacking.Straight(C + row0 * Ldc + column0, Ldc, rows, columns, sums, ldSums, columns);
            for (int k0 = 0; k0 < K || k0 == 0; k0 += GemmBlocking.Depth)
            {
                int depth = Math.Min(GemmBlocking.Depth, K - k0);
                PackLeft(row0, rows, k0, depth, packedA);
                for (int j = 0; j < columns; j += Blocking.Columns)
                {
                    int width = Math.Min(Blocking.Columns, columns - j);
                    bool inPlace = B.ColumnStride == 1 && width % TS.Width == 0 && rows <= 2 * Blocking.Rows;
                    float* panel = inPlace ? B.At(k0, column0 + j) : packedB;
                    if (!inPlace)
                        PackRight<TS, TV>(k0, depth, column0 + j, width, packedB);
                    TileDispatch.Panel<TS, TV>(rows, width, depth, packedA, (nint)depth * Blocking.Rows, 0, panel,
                        inPlace ? B.RowStride : Blocking.Columns, sums + j, ldSums, Resume || k0 > 0);
                }
            }

            for (int i = 0; i < rows; i++)
                Finish<TS, TV>(sums + i * ldSums, C + (row0 + i) * Ldc + column0, Bias == null ? null : Bias + column0, columns);
        }

        readonly void PackLeft(int row0, int rows, int k0, int depth, float* to)
        {
            for (int i = 0; i < rows; i += Blocking.Rows, to += depth * Blocking.Rows)
            {
                int count = Math.Min(Blocking.Rows, rows - i), padded = GemmBlocking.PanelRows(count);
                if (A.ColumnStride == 1)
                    PanelPacking.Transposed(A.At(row0 + i, k0), A.RowStride, depth, count, to, padded, padded);
                else
                    PanelPacking.Straight(A.At(row0 + i, k0), A.ColumnStride, depth, count, to, padded, padded);
            }
        }

        readonly void PackRight<TS, TV>(int k0, int depth, int column, int width, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int padded = (width + TS.Width - 1) / TS.Width * TS.Width;
            if (B.ColumnStride == 1)
                PanelPacking.Straight(B.At(k0, column), B.RowStride, depth, width, to, Blocking.Columns, padded);
            else
                PanelPacking.Transposed(B.At(k0, column), B.ColumnStride, depth, width, to, Blocking.Columns, padded);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Finish<TS, TV>(float* sums, float* to, float* bias, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(to + i, Finished<TS, TV>(TS.Load(sums + i), bias == null ? null : bias + i));
            for (; i < count; i++)
                to[i] = Finished<SimdScalar, float>(sums[i], bias == null ? null : bias + i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Finished<TS, TV>(TV sum, float* bias) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Alpha != 1)
                sum = TS.Mul(TS.Broadcast(Alpha), sum);
            return bias == null ? sum : TS.Add(sum, TS.Load(bias));
        }
    }
}
