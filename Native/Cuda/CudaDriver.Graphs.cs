using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Stream capture and graphs. The symbol cuGraphInstantiate is still the old one of five parameters: WithFlags is bound.</summary>
internal static unsafe partial class CudaDriver
{
    public const int CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1;
    public const int CU_STREAM_CAPTURE_STATUS_NONE = 0;
    public const int CU_STREAM_CAPTURE_STATUS_ACTIVE = 1;
    public const int CU_STREAM_CAPTURE_STATUS_INVALIDATED = 2;
    public const int CU_GRAPH_EXEC_UPDATE_SUCCESS = 0;

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamBeginCapture_v2(nint hStream, int mode);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamEndCapture(nint hStream, nint* phGraph);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuStreamIsCapturing(nint hStream, int* captureStatus);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphInstantiateWithFlags(nint* phGraphExec, nint hGraph, ulong flags);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphUpload(nint hGraphExec, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphLaunch(nint hGraphExec, nint hStream);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphExecUpdate_v2(
        nint hGraphExec, nint hGraph, CUgraphExecUpdateResultInfo* resultInfo);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphExecDestroy(nint hGraphExec);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphDestroy(nint hGraph);

    [LibraryImport(Libraries.Cuda)]
    public static partial CUresult cuGraphGetNodes(nint hGraph, nint* nodes, nuint* numNodes);
}
