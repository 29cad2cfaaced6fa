using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Contexts. The current one belongs to the thread.</summary>
internal static unsafe partial class CudaDriver
{
    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDevicePrimaryCtxRetain(nint* pctx, int dev);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDevicePrimaryCtxRelease_v2(int dev);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuDevicePrimaryCtxGetState(int dev, uint* flags, int* active);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxSetCurrent(nint ctx);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxGetCurrent(nint* pctx);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxPushCurrent_v2(nint ctx);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxPopCurrent_v2(nint* pctx);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxGetDevice(int* device);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxGetApiVersion(nint ctx, uint* version);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxGetStreamPriorityRange(int* leastPriority, int* greatestPriority);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuCtxSynchronize();
}
