using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>cuBLAS: handles and their settings. Names and values as in cublas_v2.h; the header's macros add _v2.</summary>
internal static unsafe partial class CuBlas
{
    public const int CUBLAS_DEFAULT_MATH = 0;
    public const int CUBLAS_PEDANTIC_MATH = 2;
    public const int CUBLAS_TF32_TENSOR_OP_MATH = 3;
    public const int CUBLAS_POINTER_MODE_HOST = 0;
    public const int CUBLAS_ATOMICS_NOT_ALLOWED = 0;

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasCreate_v2(nint* handle);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasDestroy_v2(nint handle);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasGetProperty(int type, int* value);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSetStream_v2(nint handle, nint streamId);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSetWorkspace_v2(nint handle, nint workspace, nuint workspaceSizeInBytes);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSetMathMode(nint handle, int mode);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSetPointerMode_v2(nint handle, int mode);

    [LibraryImport(Libraries.CuBlas)]
    public static partial cublasStatus_t cublasSetAtomicsMode(nint handle, int mode);

    [LibraryImport(Libraries.CuBlas)]
    public static partial byte* cublasGetStatusName(cublasStatus_t status);

    [LibraryImport(Libraries.CuBlas)]
    public static partial byte* cublasGetStatusString(cublasStatus_t status);
}
