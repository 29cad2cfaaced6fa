using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda;

/// <summary>Something that lives in a context, which is set current to destroy it.</summary>
public abstract unsafe class ContextChild : NativeHandle
{
    private protected ContextChild(CudaContext context) => Context = context;

    /// <summary>The context it lives in.</summary>
    public CudaContext Context { get; }

    /// <summary>Destroys the native object; its context is current.</summary>
    private protected abstract CUresult Destroy();

    private protected sealed override CUresult Free()
    {
        // Not MakeCurrent: the user may have disposed the context, which our reference keeps alive all the same.
        nint native = Context.DangerousGetHandle();
        CUresult status = CudaDriver.cuCtxPushCurrent_v2(native);
        if (status != CUresult.CUDA_SUCCESS) return status;
        status = Destroy();
        CUresult popped = CudaDriver.cuCtxPopCurrent_v2(&native);
        return status == CUresult.CUDA_SUCCESS ? popped : status;
    }
}
