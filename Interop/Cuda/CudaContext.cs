using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>A CUDA context: the device's primary one, which PyTorch and the CUDA runtime use too, or one of somebody else's.</summary>
/// <remarks>The driver keeps a current context per thread; every public call here sets its own and puts the old one back.</remarks>
public sealed unsafe class CudaContext : NativeHandle
{
    CudaContext(nint native, CudaDevice device, bool owned)
    {
        Device = device;
        Synchronise = Environment.GetEnvironmentVariable("PREIMAGE_SYNC") == "1";
        Attach(native, owned, parent: null);
    }

    /// <summary>The device it belongs to.</summary>
    public CudaDevice Device { get; }

    /// <summary>
    /// Whether every launch and library call is waited for and checked, so that an error is reported by the call that made it.
    /// Slow; for looking for errors. PREIMAGE_SYNC=1 makes it the default.
    /// </summary>
    public bool Synchronise { get; set; }

    /// <summary>Retains the primary context of a device until this object is disposed.</summary>
    /// <param name="ordinal">The device's number.</param>
    /// <exception cref="NativeLibraryMissingException">There is no driver; the message lists every place tried.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    /// <exception cref="CudaException">The device refuses.</exception>
    public static CudaContext Primary(int ordinal = 0)
    {
        var device = CudaDevice.Get(ordinal);
        nint native;
        cuDevicePrimaryCtxRetain(&native, device.Native).ThrowIfFailed();
        return new CudaContext(native, device, owned: true);
    }

    /// <summary>Uses a context of somebody else's, a CUcontext, who keeps it alive and destroys it.</summary>
    /// <remarks>The driver reads what lies at a handle: one that was destroyed, or never was one, may end the process.</remarks>
    /// <exception cref="ArgumentException">The handle cannot be a context, or the driver says that it is none.</exception>
    public static CudaContext FromForeign(nint context)
    {
        CudaLibraries.RequireDriver();
        if (!IsAddress(context)) throw new ArgumentException($"A CUcontext is needed, not 0x{context:x}.", nameof(context));
        uint version;
        CUresult status = cuCtxGetApiVersion(context, &version);
        if (status != CUresult.CUDA_SUCCESS) throw new ArgumentException($"0x{context:x} is no CUcontext: cuCtxGetApiVersion gives {(int)status}.", nameof(context));
        int device;
        cuCtxPushCurrent_v2(context).ThrowIfFailed();
        status = cuCtxGetDevice(&device);
        cuCtxPopCurrent_v2(&context).ThrowIfFailed();
        status.ThrowIfFailed(nameof(cuCtxGetDevice));
        return new CudaContext(context, CudaDevice.FromNative(device), owned: false);
    }

    /// <summary>Bytes free and in all; what pools hold back counts as used.</summary>
    public (long Free, long Total) Memory
    {
        get
        {
            using var current = MakeCurrent();
            nuint free, total;
            cuMemGetInfo_v2(&free, &total).ThrowIfFailed();
            return ((long)free, (long)total);
        }
    }

    /// <summary>Makes the context the calling thread's until the scope is disposed, on the same thread.</summary>
    public CurrentContext MakeCurrent() => new(this);

    /// <summary>Waits for all its streams.</summary>
    /// <exception cref="CudaException">Work on the device failed.</exception>
    public void Synchronize()
    {
        using var current = MakeCurrent();
        cuCtxSynchronize().ThrowIfFailed();
    }

    private protected override CUresult Free() => cuDevicePrimaryCtxRelease_v2(Device.Native);
}
