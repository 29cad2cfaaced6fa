using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>A description that cuDNN keeps on the host: of no context, and only read after it is set.</summary>
internal abstract class DnnDescriptor : NativeHandle
{
    private protected DnnDescriptor() => CudaLibraries.RequireDnn();

    /// <summary>Destroys the native object.</summary>
    private protected abstract cudnnStatus_t Destroy();

    /// <summary>Takes over what was made and sets it; disposes it again if that fails.</summary>
    private protected void Own(nint native, cudnnStatus_t set, string call)
    {
        Attach(native, owned: true, parent: null);
        if (set == cudnnStatus_t.CUDNN_STATUS_SUCCESS) return;
        try
        {
            set.ThrowIfFailed(call);
        }
        finally
        {
            Dispose();
        }
    }

    private protected sealed override CUresult Free() =>
        Destroy() == cudnnStatus_t.CUDNN_STATUS_SUCCESS ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_UNKNOWN;
}
