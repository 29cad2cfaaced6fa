using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>A queue of work on a device: what it is given runs in order.</summary>
/// <remarks>Ours does not wait for the legacy default stream, nor that for ours: order them by a <see cref="CudaEvent"/>.</remarks>
public sealed unsafe class CudaStream : ContextChild
{
    /// <summary>Creates a stream.</summary>
    /// <param name="context">Where.</param>
    /// <param name="priority">Lower goes first; outside the device's range it is clamped.</param>
    public CudaStream(CudaContext context, int priority = 0)
        : base(context)
    {
        using var current = context.MakeCurrent();
        nint native;
        cuStreamCreateWithPriority(&native, CU_STREAM_NON_BLOCKING, priority).ThrowIfFailed();
        Attach(native, owned: true, context);
    }

    CudaStream(CudaContext context, nint native)
        : base(context) => Attach(native, owned: false, context);

    /// <summary>Uses a stream of somebody else's, a CUstream, who keeps it alive and destroys it; 0, 1 and 2 are the default streams.</summary>
    /// <remarks>The driver reads what lies at a handle: one that was destroyed, or never was one, may end the process.</remarks>
    /// <exception cref="ArgumentException">The handle cannot be a stream, or is none of that context.</exception>
    public static CudaStream FromForeign(CudaContext context, nint stream)
    {
        if (stream is not (0 or 1 or 2) && !IsAddress(stream)) throw new ArgumentException($"A CUstream is needed, not 0x{stream:x}.", nameof(stream));
        using var current = context.MakeCurrent();
        nint owner;
        CUresult status = cuStreamGetCtx(stream, &owner);
        if (status != CUresult.CUDA_SUCCESS) throw new ArgumentException($"0x{stream:x} is no CUstream: cuStreamGetCtx gives {(int)status}.", nameof(stream));
        if (owner != context.Handle) throw new ArgumentException($"The stream 0x{stream:x} belongs to context 0x{owner:x}, not to 0x{context.Handle:x}.", nameof(stream));
        return new CudaStream(context, stream);
    }

    /// <summary>Whether all work given to it is done.</summary>
    /// <exception cref="CudaException">Work on the device failed.</exception>
    public bool IsIdle
    {
        get
        {
            using var current = Context.MakeCurrent();
            CUresult status = cuStreamQuery(Handle);
            if (status == CUresult.CUDA_ERROR_NOT_READY) return false;
            status.ThrowIfFailed(nameof(cuStreamQuery));
            return true;
        }
    }

    /// <summary>Waits until all work given to it is done.</summary>
    /// <exception cref="CudaException">Work on the device failed.</exception>
    public void Synchronize()
    {
        using var current = Context.MakeCurrent();
        cuStreamSynchronize(Handle).ThrowIfFailed();
    }

    /// <summary>Lets work given from now on wait until an event has passed; the host goes on.</summary>
    public void WaitFor(CudaEvent passed)
    {
        using var current = Context.MakeCurrent();
        cuStreamWaitEvent(Handle, passed.Handle, 0).ThrowIfFailed();
    }

    /// <summary>Whether every launch and library call on it is waited for and checked; see <see cref="CudaContext.Synchronise"/>, which asks it of all streams.</summary>
    internal bool Synchronise { get => field || Context.Synchronise; init; }

    /// <summary>Whether work given to it is being recorded rather than run.</summary>
    internal bool IsCapturing
    {
        get
        {
            using var current = Context.MakeCurrent();
            int status;
            cuStreamIsCapturing(Handle, &status).ThrowIfFailed();
            return status != CU_STREAM_CAPTURE_STATUS_NONE;
        }
    }

    /// <summary>
    /// Comes after every launch and library call: in the debugging mode it waits, so that this call is blamed and not a later
    /// one. What is being captured has not run and cannot be waited for. The context must be current.
    /// </summary>
    internal void Check(string call)
    {
        if (Synchronise && !IsCapturing) cuStreamSynchronize(Handle).ThrowIfFailed(call);
    }

    private protected override CUresult Destroy() => cuStreamDestroy_v2(handle);
}
