using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Products of matrices and vectors, column-major. Factors lie on the host, matrices on the device.</summary>
internal static unsafe partial class CuBlas
{
    public const int CUBLAS_OP_N = 0;
    public const int CUBLAS_OP_T = 1;

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgemm_v2(
        nint handle, int transa, int transb, int m, int n, int k, float* alpha, nint A, int lda, nint B, int ldb,
        float* beta, nint C, int ldc);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgemmStridedBatched(
        nint handle, int transa, int transb, int m, int n, int k, float* alpha, nint A, int lda, long strideA, nint B,
        int ldb, long strideB, float* beta, nint C, int ldc, long strideC, int batchCount);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgemv_v2(
        nint handle, int trans, int m, int n, float* alpha, nint A, int lda, nint x, int incx, float* beta, nint y,
        int incy);
}
