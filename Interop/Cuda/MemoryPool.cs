using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>Device memory that is handed out and taken back in the order of streams. Our own pool: the device's default one is everybody's.</summary>
internal sealed unsafe class MemoryPool : ContextChild
{
    /// <summary>Creates a pool; the device must have pools (<see cref="CudaDevice.HasMemoryPools"/>).</summary>
    /// <param name="context">Where.</param>
    /// <param name="kept">Bytes that stay with the pool when a stream is waited for; what is above goes back to the system.</param>
    public MemoryPool(CudaContext context, ulong kept = ulong.MaxValue)
        : base(context)
    {
        using var current = context.MakeCurrent();
        var properties = new CUmemPoolProps
        {
            allocType = CU_MEM_ALLOCATION_TYPE_PINNED,
            locationType = CU_MEM_LOCATION_TYPE_DEVICE,
            locationId = context.Device.Ordinal,
        };
        nint native;
        cuMemPoolCreate(&native, &properties).ThrowIfFailed();
        Attach(native, owned: true, context);
        try
        {
            cuMemPoolSetAttribute(native, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &kept).ThrowIfFailed();
        }
        catch (CudaException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes handed out, and bytes held for that.</summary>
    public (ulong Used, ulong Reserved) Size
    {
        get
        {
            ulong used, reserved;
            cuMemPoolGetAttribute(Handle, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used).ThrowIfFailed();
            cuMemPoolGetAttribute(Handle, CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT, &reserved).ThrowIfFailed();
            return (used, reserved);
        }
    }

    /// <summary>Gives what is not in use back to the system, but for some bytes.</summary>
    public void Trim(ulong kept = 0) => cuMemPoolTrimTo(Handle, (nuint)kept).ThrowIfFailed();

    private protected override CUresult Destroy() => cuMemPoolDestroy(handle);
}
