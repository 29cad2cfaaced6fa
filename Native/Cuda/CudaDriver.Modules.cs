using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Modules, functions and launches.</summary>
internal static unsafe partial class CudaDriver
{
    public const int CU_JIT_INFO_LOG_BUFFER = 3;
    public const int CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4;
    public const int CU_JIT_ERROR_LOG_BUFFER = 5;
    public const int CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6;
    public const int CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0;
    public const int CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES = 1;
    public const int CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES = 3;
    public const int CU_FUNC_ATTRIBUTE_NUM_REGS = 4;
    public const int CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuModuleLoadDataEx(
        nint* module, void* image, uint numOptions, int* options, void** optionValues);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuModuleUnload(nint hmod);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuModuleGetFunction(nint* hfunc, nint hmod, byte* name);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuModuleGetGlobal_v2(ulong* dptr, nuint* bytes, nint hmod, byte* name);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuFuncGetAttribute(int* pi, int attrib, nint hfunc);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuFuncSetAttribute(nint hfunc, int attrib, int value);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(
        int* numBlocks, nint func, int blockSize, nuint dynamicSMemSize);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuLaunchKernel(
        nint f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ,
        uint sharedMemBytes, nint hStream, void** kernelParams, void** extra);
}
