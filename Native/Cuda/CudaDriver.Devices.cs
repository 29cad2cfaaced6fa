using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>The CUDA driver: initialisation, the text of errors, devices. Names and values as in cuda.h.</summary>
internal static unsafe partial class CudaDriver
{
    public const int CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1;
    public const int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = 8;
    public const int CU_DEVICE_ATTRIBUTE_WARP_SIZE = 10;
    public const int CU_DEVICE_ATTRIBUTE_CLOCK_RATE = 13;
    public const int CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16;
    public const int CU_DEVICE_ATTRIBUTE_INTEGRATED = 18;
    public const int CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE = 36;
    public const int CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH = 37;
    public const int CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE = 38;
    public const int CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR = 39;
    public const int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75;
    public const int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76;
    public const int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97;
    public const int CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115;

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuInit(uint Flags);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDriverGetVersion(int* driverVersion);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGetErrorName(CUresult error, byte** pStr);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGetErrorString(CUresult error, byte** pStr);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceGetCount(int* count);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceGet(int* device, int ordinal);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceGetName(byte* name, int len, int dev);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceGetUuid_v2(CUuuid* uuid, int dev);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceTotalMem_v2(nuint* bytes, int dev);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceGetAttribute(int* pi, int attrib, int dev);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDeviceGetPCIBusId(byte* pciBusId, int len, int dev);
}
