using static Preimage.Native.Cuda.CuBlas;

namespace Preimage.Interop.Cuda;

/// <summary>
/// Products, column-major as in BLAS: a row-major matrix is its transpose there, so C = A B in rows is C' = B' A', with the
/// factors exchanged. Addresses are of the device, factors of the host; with beta = 0 the result is not read. The context
/// is current. They allocate nothing.
/// </summary>
internal sealed unsafe partial class BlasHandle
{
    /// <summary>C = alpha op(A) op(B) + beta C; op(A) is m x k, op(B) k x n.</summary>
    public void Multiply(
        bool transposeA, bool transposeB, int m, int n, int k, float alpha, nint a, int lda, nint b, int ldb, float beta, nint c, int ldc)
    {
        cublasSgemm_v2(Handle, Operation(transposeA), Operation(transposeB), m, n, k, &alpha, a, lda, b, ldb, &beta, c, ldc).ThrowIfFailed();
        Stream.Check(nameof(cublasSgemm_v2));
    }

    /// <summary>The same for a number of matrices, each its stride of floats after the one before.</summary>
    public void MultiplyBatch(
        bool transposeA, bool transposeB, int m, int n, int k, float alpha, nint a, int lda, long strideA, nint b, int ldb, long strideB,
        float beta, nint c, int ldc, long strideC, int count)
    {
        cublasSgemmStridedBatched(
            Handle, Operation(transposeA), Operation(transposeB), m, n, k, &alpha, a, lda, strideA, b, ldb, strideB, &beta, c, ldc, strideC, count)
            .ThrowIfFailed();
        Stream.Check(nameof(cublasSgemmStridedBatched));
    }

    /// <summary>y = alpha op(A) x + beta y; A is m x n.</summary>
    public void MultiplyVector(bool transpose, int m, int n, float alpha, nint a, int lda, nint x, int strideX, float beta, nint y, int strideY)
    {
        cublasSgemv_v2(Handle, Operation(transpose), m, n, &alpha, a, lda, x, strideX, &beta, y, strideY).ThrowIfFailed();
        Stream.Check(nameof(cublasSgemv_v2));
    }

    static int Operation(bool transpose) => transpose ? CUBLAS_OP_T : CUBLAS_OP_N;
}
