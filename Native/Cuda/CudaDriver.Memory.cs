using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Device memory, pinned host memory, pools, and what a pointer is.</summary>
internal static unsafe partial class CudaDriver
{
    public const int CU_MEM_ALLOCATION_TYPE_PINNED = 1;
    public const int CU_MEM_LOCATION_TYPE_DEVICE = 1;
    public const int CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4;
    public const int CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT = 5;
    public const int CU_MEMPOOL_ATTR_USED_MEM_CURRENT = 7;
    public const int CU_POINTER_ATTRIBUTE_CONTEXT = 1;
    public const int CU_POINTER_ATTRIBUTE_MEMORY_TYPE = 2;
    public const int CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9;
    public const int CU_POINTER_ATTRIBUTE_RANGE_START_ADDR = 11;
    public const int CU_POINTER_ATTRIBUTE_RANGE_SIZE = 12;
    public const int CU_MEMORYTYPE_HOST = 1;
    public const int CU_MEMORYTYPE_DEVICE = 2;

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemGetInfo_v2(nuint* free, nuint* total);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemAlloc_v2(ulong* dptr, nuint bytesize);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemFree_v2(ulong dptr);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemAllocAsync(ulong* dptr, nuint bytesize, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemAllocFromPoolAsync(ulong* dptr, nuint bytesize, nint pool, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemFreeAsync(ulong dptr, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemPoolCreate(nint* pool, CUmemPoolProps* poolProps);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemPoolDestroy(nint pool);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemPoolTrimTo(nint pool, nuint minBytesToKeep);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemPoolSetAttribute(nint pool, int attr, void* value);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemPoolGetAttribute(nint pool, int attr, void* value);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemHostAlloc(void** pp, nuint bytesize, uint Flags);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemFreeHost(void* p);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuPointerGetAttribute(void* data, int attribute, ulong ptr);
}
