using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Events.</summary>
internal static unsafe partial class CudaDriver
{
    public const int CU_EVENT_DEFAULT = 0;
    public const int CU_EVENT_BLOCKING_SYNC = 1;
    public const int CU_EVENT_DISABLE_TIMING = 2;

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuEventCreate(nint* phEvent, uint Flags);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuEventRecord(nint hEvent, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuEventQuery(nint hEvent);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuEventSynchronize(nint hEvent);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuEventDestroy_v2(nint hEvent);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuEventElapsedTime(float* pMilliseconds, nint hStart, nint hEnd);
}
