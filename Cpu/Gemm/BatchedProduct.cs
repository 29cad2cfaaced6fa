using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Gemm;

/// <summary>A row-major operand of several products.</summary>
/// <param name="address">Where it starts.</param>
/// <param name="transposed">Whether its transpose is what is multiplied.</param>
/// <param name="several">Whether there is a matrix for every product.</param>
internal readonly unsafe struct Factor(float* address, bool transposed, bool several)
{
    /// <summary>The matrix of a product, as it is multiplied.</summary>
    public MatrixView Matrix(int product, int rows, int columns)
    {
        float* at = address + (several ? (nint)product * rows * columns : 0);
        return transposed ? MatrixView.Rows(at, rows).Transposed : MatrixView.Rows(at, columns);
    }
}

/// <summary>C = alpha * op(A) op(B) + beta * C for several products, C row-major, one behind the other.</summary>
/// <remarks>Each element is a chain as in <see cref="MatrixMultiplication"/>, times alpha; then fma(beta, C, it). Where beta is 0 C is not read. Where alpha and beta are 1 the chain starts
/// from C.</remarks>
internal static unsafe class BatchedProduct
{
    /// <summary>Bytes of scratch.</summary>
    public static long ScratchBytes(Execution execution, int m, int n, float alpha, float beta) =>
        AlignedBuffer.RoundUp(MatrixMultiplication.ScratchBytes(execution)) + (IsDirect(alpha, beta) ? 0 : (long)m * n * sizeof(float));

    public static void Run(Execution execution, int products, int m, int n, int k, Factor a, Factor b, float alpha, float beta, float* c, nint scratch)
    {
        bool direct = IsDirect(alpha, beta);
        float* product = (float*)(scratch + (nint)AlignedBuffer.RoundUp(MatrixMultiplication.ScratchBytes(execution)));
        for (int i = 0; i < products; i++, c += (nint)m * n)
        {
            MatrixMultiplication.Run(execution, m, n, k, a.Matrix(i, m, k), b.Matrix(i, k, n), direct ? c : product, n, alpha, null, resume: direct && beta != 0, scratch);
            if (!direct)
                Blend(execution, product, beta, c, (nint)m * n);
        }
    }

    static bool IsDirect(float alpha, float beta) => beta == 0 || (alpha == 1 && beta == 1);

    static void Blend(Execution execution, float* product, float beta, float* c, nint count)
    {
        var blend = new BlendKernel { Product = product, C = c, Beta = beta, Count = count };
        execution.Isa.Run(ref blend);
    }

    struct BlendKernel : ISimdKernel
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
