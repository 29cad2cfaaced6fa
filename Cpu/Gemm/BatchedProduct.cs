using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>A row-major operand of several products.</summary>
/// <param name="address">Where it starts.</param>
/// <param name="transposed">Whether its transpose is what is multiplied.</param>
/// <param name="several">Whether there is a matrix for every product.</param>
internal readonly unsafe struct Factor(float* address, bool transposed, bool several)
{
    /// <summary>Whether the matrices of all products are one with their rows one behind the other.</summary>
    public bool IsStack => several && !transposed;

    /// <summary>Whether one matrix serves all products.</summary>
    public bool IsOne => !several;

    /// <summary>The matrix of a product, as it is multiplied.</summary>
    public MatrixView Matrix(int product, int rows, int columns)
    {
        float* at = address + (several ? (nint)product * rows * columns : 0);
        return transposed ? MatrixView.Rows(at, rows).Transposed : MatrixView.Rows(at, columns);
    }
}

/// <summary>C = alpha * op(A) op(B) + beta * C for several products, C row-major, one behind the other.</summary>
/// <remarks>Each element is a chain as in <see cref="MatrixMultiplication"/>, times alpha; then fma(beta, C, it). Where beta is 0 C is not read. Where alpha and beta are 1 the chain starts
/// from C. Many products are shared out whole; of few, each is cut.</remarks>
internal static unsafe class BatchedProduct
{
    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution, int m, int n, float alpha, float beta) => execution.Lanes * LaneBytes(execution, m, n, alpha, beta);

    public static void Run(Execution execution, int products, int m, int n, int k, Factor a, Factor b, float alpha, float beta, float* c, nint scratch)
    {
        var job = new Job { Execution = execution, M = m, N = n, K = k, A = a, B = b, Alpha = alpha, Beta = beta, C = c, Scratch = scratch };
        // One right matrix for a stack of left ones is one product, but for the room a blend needs.
        if (a.IsStack && b.IsOne && job.IsDirect)
        {
            job.M *= products;
            products = 1;
        }

        if (products >= execution.Lanes * ProductsOfLane)
        {
            job.LaneBytes = LaneBytes(execution, m, n, alpha, beta);
            job.Execution = execution with { Lanes = 1 };
            WorkerTeam.Shared.Run(ref job, products, execution.Lanes);
            return;
        }

        for (int i = 0; i < products; i++)
            job.Run(i, 0);
    }

    /// <summary>Products a lane has at least where they are shared out whole.</summary>
    const int ProductsOfLane = 4;

    static long LaneBytes(Execution execution, int m, int n, float alpha, float beta) =>
        ProductBytes(execution) + (Job.Writes(alpha, beta) ? 0 : AlignedBuffer.RoundUp((long)m * n * sizeof(float)));

    /// <summary>What the product of all lanes needs is enough for one lane's.</summary>
    static long ProductBytes(Execution execution) => AlignedBuffer.RoundUp(MatrixMultiplication.ScratchBytes(execution));

    struct Job : ITicketJob
    {
        public Execution Execution;
        public int M, N, K;
        public Factor A, B;
        public float Alpha, Beta;
        public float* C;
        public nint Scratch;
        public long LaneBytes;

        public readonly bool IsDirect => Writes(Alpha, Beta);

        /// <summary>Whether the product itself writes C.</summary>
        public static bool Writes(float alpha, float beta) => beta == 0 || (alpha == 1 && beta == 1);

        public readonly void Run(int ticket, int lane)
        {
            nint scratch = Scratch + (nint)(lane * LaneBytes);
            float* c = C + (nint)ticket * M * N, product = IsDirect ? c : (float*)(scratch + (nint)ProductBytes(Execution));
            MatrixMultiplication.Run(Execution, M, N, K, A.Matrix(ticket, M, K), B.Matrix(ticket, K, N), product, N, Alpha, null, resume: IsDirect && Beta != 0, scratch);
            if (IsDirect)
                return;
            var blend = new Blend { Product = product, C = c, Beta = Beta, Count = (nint)M * N };
            Execution.Isa.Run(ref blend);
        }
    }

    struct Blend : ISimdKernel
    {
        public float* Product, C;
        public float Beta;
        public nint Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV beta = TS.Broadcast(Beta);
            nint i = 0;
            for (; i + TS.Width <= Count; i += TS.Width)
                TS.Store(C + i, TS.Fma(beta, TS.Load(C + i), TS.Load(Product + i)));
            for (; i < Count; i++)
                C[i] = SimdScalar.Fma(Beta, C[i], Product[i]);
        }
    }
}
