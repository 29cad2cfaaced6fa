using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>cuDNN 9, the operator API: handles, versions, the text of errors. Names and values as in cudnn_graph.h.</summary>
internal static unsafe partial class CuDnn
{
    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreate(nint* handle);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroy(nint handle);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetStream(nint handle, nint streamId);

    [LibraryImport(Libraries.CuDnn)]
    public static partial nuint cudnnGetVersion();

    [LibraryImport(Libraries.CuDnn)]
    public static partial nuint cudnnGetCudartVersion();

    [LibraryImport(Libraries.CuDnn)]
    public static partial byte* cudnnGetErrorString(cudnnStatus_t status);

    [LibraryImport(Libraries.CuDnn)]
    public static partial void cudnnGetLastErrorString(byte* message, nuint max_size);
}
