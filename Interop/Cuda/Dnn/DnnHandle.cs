using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>
/// cuDNN on one stream. One thread at a time. In all its calls addresses are of the device, factors of the host; with
/// beta = 0 the result is not read; the context is current. They allocate nothing.
/// </summary>
internal sealed unsafe partial class DnnHandle : ContextChild
{
    // The first handle of the process is to be made alone; later ones may be made side by side.
    static readonly Lock s_gate = new();

    /// <summary>Creates a handle on a stream.</summary>
    /// <exception cref="NativeLibraryMissingException">cuDNN 9 is not here; the message lists every place tried.</exception>
    public DnnHandle(CudaStream stream)
        : base(stream.Context)
    {
        CudaLibraries.RequireDnn();
        using var current = Context.MakeCurrent();
        nint native;
        lock (s_gate) cudnnCreate(&native).ThrowIfFailed();
        Attach(native, owned: true, Context);
        Stream = stream;
        try
        {
            SetStream(stream);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>In whose order it works.</summary>
    public CudaStream Stream { get; private set; }

    /// <summary>The library's version: 91900 is 9.19.0.</summary>
    public static int Version
    {
        get
        {
            CudaLibraries.RequireDnn();
            return (int)cudnnGetVersion();
        }
    }

    /// <summary>Goes over to another stream of the context.</summary>
    public void SetStream(CudaStream stream)
    {
        using var current = Context.MakeCurrent();
        cudnnSetStream(Handle, stream.Handle).ThrowIfFailed();
        Stream = stream;
    }

    private protected override CUresult Destroy() =>
        cudnnDestroy(handle) == cudnnStatus_t.CUDNN_STATUS_SUCCESS ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_UNKNOWN;
}
