using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Products of matrices and vectors, column-major. Factors lie on the host, matrices on the device.</summary>
internal static unsafe partial class CuBlas
{
    public const int CUBLAS_OP_N = 0;
    public const int CUBLAS_OP_T = 1;
    public const int CUDA_R_32F = 0;
    public const int CUDA_R_16F = 2;
    public const int CUDA_R_16BF = 14;
    public const int CUBLAS_COMPUTE_32F = 68;
    public const int CUBLAS_COMPUTE_32F_PEDANTIC = 69;
    public const int CUBLAS_COMPUTE_32F_FAST_TF32 = 77;
    public const int CUBLAS_GEMM_DFALT = -1;

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgemm_v2(
        nint handle, int transa, int transb, int m, int n, int k, float* alpha, nint A, int lda, nint B, int ldb,
        float* beta, nint C, int ldc);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgemmStridedBatched(
        nint handle, int transa, int transb, int m, int n, int k, float* alpha, nint A, int lda, long strideA, nint B,
        int ldb, long strideB, float* beta, nint C, int ldc, long strideC, int batchCount);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasGemmEx(
        nint handle, int transa, int transb, int m, int n, int k, void* alpha, nint A, int Atype, int lda, nint B,
        int Btype, int ldb, void* beta, nint C, int Ctype, int ldc, int computeType, int algo);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgemv_v2(
        nint handle, int trans, int m, int n, float* alpha, nint A, int lda, nint x, int incx, float* beta, nint y,
        int incy);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSgeam(
        nint handle, int transa, int transb, int m, int n, float* alpha, nint A, int lda, float* beta, nint B,
        int ldb, nint C, int ldc);
}
