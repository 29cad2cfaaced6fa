using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>A mark in a stream that others can wait for.</summary>
public sealed unsafe class CudaEvent : ContextChild
{
    /// <summary>Creates an event that has passed.</summary>
    /// <param name="context">Where.</param>
    /// <param name="timing">Whether it notes the time, for <see cref="MillisecondsSince"/>; waiting is dearer then.</param>
    /// <param name="blocking">Whether a thread that waits sleeps instead of spinning.</param>
    public CudaEvent(CudaContext context, bool timing = false, bool blocking = false)
        : base(context)
    {
        using var current = context.MakeCurrent();
        nint native;
        int flags = (timing ? CU_EVENT_DEFAULT : CU_EVENT_DISABLE_TIMING) | (blocking ? CU_EVENT_BLOCKING_SYNC : 0);
        cuEventCreate(&native, (uint)flags).ThrowIfFailed();
        Attach(native, owned: true, context);
    }

    CudaEvent(CudaContext context, nint native)
        : base(context) => Attach(native, owned: false, context);

    /// <summary>Whether the work before the last <see cref="Record"/> is done.</summary>
    /// <exception cref="CudaException">Work on the device failed.</exception>
    public bool HasPassed
    {
        get
        {
            using var current = Context.MakeCurrent();
            CUresult status = cuEventQuery(Handle);
            if (status == CUresult.CUDA_ERROR_NOT_READY) return false;
            status.ThrowIfFailed(nameof(cuEventQuery));
            return true;
        }
    }

    /// <summary>Uses an event of somebody else's, a CUevent, who keeps it alive and destroys it.</summary>
    public static CudaEvent FromForeign(CudaContext context, nint native)
    {
        if (!IsAddress(native)) throw new ArgumentException($"A CUevent is needed, not 0x{native:x}.", nameof(native));
        return new CudaEvent(context, native);
    }

    /// <summary>Puts the mark behind the work given to a stream so far.</summary>
    public void Record(CudaStream stream)
    {
        using var current = Context.MakeCurrent();
        cuEventRecord(Handle, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Waits until it has passed.</summary>
    /// <exception cref="CudaException">Work on the device failed.</exception>
    public void Synchronize()
    {
        using var current = Context.MakeCurrent();
        cuEventSynchronize(Handle).ThrowIfFailed();
    }

    /// <summary>Milliseconds the device took from another event to this one; both must have passed and note the time.</summary>
    public float MillisecondsSince(CudaEvent earlier)
    {
        using var current = Context.MakeCurrent();
        float milliseconds;
        cuEventElapsedTime(&milliseconds, earlier.Handle, Handle).ThrowIfFailed();
        return milliseconds;
    }

    private protected override CUresult Destroy() => cuEventDestroy_v2(handle);
}
