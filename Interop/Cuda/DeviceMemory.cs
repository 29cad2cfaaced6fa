using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>A block of device memory, aligned to 256 bytes; its content is undefined until written.</summary>
/// <remarks>Dispose it when the work that uses it is done: the driver may wait for that, but need not.</remarks>
public sealed unsafe class DeviceMemory : ContextChild
{
    readonly CudaStream? _stream;

    /// <summary>Allocates a block, which may wait for the device; not while a stream is being captured.</summary>
    /// <param name="context">Where.</param>
    /// <param name="bytes">How many, 1 or more.</param>
    /// <exception cref="CudaException">There is not that much memory, or earlier work failed.</exception>
    public DeviceMemory(CudaContext context, long bytes)
        : base(context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Bytes = bytes;
        using var current = context.MakeCurrent();
        ulong pointer;
        CUresult status = cuMemAlloc_v2(&pointer, (nuint)bytes);
        if (status != CUresult.CUDA_SUCCESS) status.ThrowIfFailed($"cuMemAlloc_v2({bytes} bytes)");
        Attach((nint)pointer, owned: true, context);
    }

    /// <summary>Allocates a block in the order of a stream; it is freed there too, behind all work given to the stream by then.</summary>
    internal DeviceMemory(MemoryPool pool, CudaStream stream, long bytes)
        : base(stream.Context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Bytes = bytes;
        _stream = stream;
        using var current = Context.MakeCurrent();
        ulong pointer;
        CUresult status = cuMemAllocFromPoolAsync(&pointer, (nuint)bytes, pool.Handle, stream.Handle);
        if (status != CUresult.CUDA_SUCCESS) status.ThrowIfFailed($"cuMemAllocFromPoolAsync({bytes} bytes)");
        Attach((nint)pointer, owned: true, pool, stream);
    }

    DeviceMemory(CudaContext context, ulong pointer, long bytes)
        : base(context)
    {
        Bytes = bytes;
        Attach((nint)pointer, owned: false, context);
    }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>The device pointer, a CUdeviceptr, valid until this object is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The block has been freed.</exception>
    public ulong Pointer => (ulong)Handle;

    /// <summary>Uses device memory of somebody else's, who keeps it allocated.</summary>
    /// <param name="context">A context of the device that the memory lies on.</param>
    /// <param name="pointer">A CUdeviceptr, anywhere in a block.</param>
    /// <param name="bytes">How many bytes from there on are to be used.</param>
    /// <exception cref="ArgumentException">The pointer is none of the device's, or the block ends earlier.</exception>
    public static DeviceMemory FromForeign(CudaContext context, ulong pointer, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        using var current = context.MakeCurrent();
        int type = 0, ordinal = 0;
        ulong start = 0, size = 0;
        CUresult status = cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, pointer);
        if (status != CUresult.CUDA_SUCCESS || type != CU_MEMORYTYPE_DEVICE)
            throw new ArgumentException($"0x{pointer:x} is no pointer to device memory: cuPointerGetAttribute gives status {(int)status}, type {type}.", nameof(pointer));
        cuPointerGetAttribute(&ordinal, CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, pointer).ThrowIfFailed();
        if (ordinal != context.Device.Ordinal)
            throw new ArgumentException($"0x{pointer:x} lies on device {ordinal}, the context is on {context.Device.Ordinal}.", nameof(pointer));
        cuPointerGetAttribute(&start, CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, pointer).ThrowIfFailed();
        cuPointerGetAttribute(&size, CU_POINTER_ATTRIBUTE_RANGE_SIZE, pointer).ThrowIfFailed();
        if ((ulong)bytes > size - (pointer - start))
            throw new ArgumentException($"From 0x{pointer:x} on the block has {size - (pointer - start)} bytes, {bytes} were asked for.", nameof(bytes));
        return new DeviceMemory(context, pointer, bytes);
    }

    private protected override CUresult Destroy()
    {
        if (_stream is { IsOwned: true } && !IsFinalizing) return cuMemFreeAsync((ulong)handle, _stream.DangerousGetHandle());
        // A foreign stream may be gone by now, which the driver need not notice; and a finalizer comes at any time: in the order
        // of the stream it might be recorded into a capture, and waiting would spoil one. Freed at once, memory of a pool is not
        // waited for by the driver; a finalizer comes long after the last use.
        CUresult waited = _stream is null || IsFinalizing ? CUresult.CUDA_SUCCESS : cuCtxSynchronize();
        CUresult status = cuMemFree_v2((ulong)handle);
        return status == CUresult.CUDA_SUCCESS ? waited : status;
    }
}
