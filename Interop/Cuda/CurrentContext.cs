using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>Holds a context alive and current on one thread; disposing puts the thread's former context back.</summary>
/// <remarks>A ref struct: it cannot cross an await or go to another thread. Where the context is current already, entering
/// costs one look-up.</remarks>
public unsafe ref struct CurrentContext
{
    CudaContext? _context;
    bool _pushed;

    internal CurrentContext(CudaContext context)
    {
        bool added = false;
        context.DangerousAddRef(ref added);
        nint current;
        CUresult status = cuCtxGetCurrent(&current);
        if (status == CUresult.CUDA_SUCCESS && current != context.DangerousGetHandle())
        {
            status = cuCtxPushCurrent_v2(context.DangerousGetHandle());
            _pushed = status == CUresult.CUDA_SUCCESS;
        }
        if (status != CUresult.CUDA_SUCCESS) context.DangerousRelease();
        status.ThrowIfFailed(nameof(cuCtxPushCurrent_v2));
        _context = context;
    }

    /// <summary>Leaves the context.</summary>
    public void Dispose()
    {
        if (_context is null) return;
        nint popped;
        // An error here would hide the one that is being unwound, and there is nothing left to do about it.
        if (_pushed) _ = cuCtxPopCurrent_v2(&popped);
        _context.DangerousRelease();
        _context = null;
        _pushed = false;
    }
}
