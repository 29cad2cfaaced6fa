using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Copies and fills. Those with a stream return before they are done.</summary>
internal static unsafe partial class CudaDriver
{
    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyHtoD_v2(ulong dstDevice, void* srcHost, nuint ByteCount);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyDtoH_v2(void* dstHost, ulong srcDevice, nuint ByteCount);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyDtoD_v2(ulong dstDevice, ulong srcDevice, nuint ByteCount);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyHtoDAsync_v2(ulong dstDevice, void* srcHost, nuint ByteCount, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyDtoHAsync_v2(void* dstHost, ulong srcDevice, nuint ByteCount, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyDtoDAsync_v2(
        ulong dstDevice, ulong srcDevice, nuint ByteCount, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpyPeerAsync(
        ulong dstDevice, nint dstContext, ulong srcDevice, nint srcContext, nuint ByteCount, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemcpy2DAsync_v2(CUDA_MEMCPY2D* pCopy, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemsetD8Async(ulong dstDevice, byte uc, nuint N, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuMemsetD32Async(ulong dstDevice, uint ui, nuint N, nint hStream);
}
