using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Streams.</summary>
internal static unsafe partial class CudaDriver
{
    public const int CU_STREAM_NON_BLOCKING = 1;

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamCreate(nint* phStream, uint Flags);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamCreateWithPriority(nint* phStream, uint flags, int priority);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamDestroy_v2(nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamSynchronize(nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamQuery(nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamWaitEvent(nint hStream, nint hEvent, uint Flags);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamGetCtx(nint hStream, nint* pctx);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuLaunchHostFunc(nint hStream, delegate* unmanaged<void*, void> fn, void* userData);
}
