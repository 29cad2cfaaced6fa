using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>Copies and fills in the order of a stream. Device memory goes by address, inside blocks that the caller keeps alive.</summary>
internal static unsafe class Copies
{
    /// <summary>Copies from the host and waits: memory that the collector may move cannot be read later.</summary>
    public static void Upload<T>(this CudaStream stream, nint destination, ReadOnlySpan<T> source)
        where T : unmanaged
    {
        using var current = stream.Context.MakeCurrent();
        fixed (T* from = source)
        {
            cuMemcpyHtoDAsync_v2((ulong)destination, from, (nuint)source.Length * (nuint)sizeof(T), stream.Handle).ThrowIfFailed();
            cuStreamSynchronize(stream.Handle).ThrowIfFailed();
        }
    }

    /// <summary>Copies to the host and waits.</summary>
    public static void Download<T>(this CudaStream stream, Span<T> destination, nint source)
        where T : unmanaged
    {
        using var current = stream.Context.MakeCurrent();
        fixed (T* to = destination)
        {
            cuMemcpyDtoHAsync_v2(to, (ulong)source, (nuint)destination.Length * (nuint)sizeof(T), stream.Handle).ThrowIfFailed();
            cuStreamSynchronize(stream.Handle).ThrowIfFailed();
        }
    }

    /// <summary>Copies from pinned memory, which must stay as it is until the stream has come that far.</summary>
    public static void UploadLater(this CudaStream stream, nint destination, PinnedMemory source, long offset, long bytes)
    {
        CheckRange(source, offset, bytes);
        using var current = stream.Context.MakeCurrent();
        cuMemcpyHtoDAsync_v2((ulong)destination, (byte*)source.Handle + offset, (nuint)bytes, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Copies to pinned memory, which is complete when the stream has come that far.</summary>
    public static void DownloadLater(this CudaStream stream, PinnedMemory destination, long offset, nint source, long bytes)
    {
        CheckRange(destination, offset, bytes);
        using var current = stream.Context.MakeCurrent();
        cuMemcpyDtoHAsync_v2((byte*)destination.Handle + offset, (ulong)source, (nuint)bytes, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Copies within a device.</summary>
    public static void Copy(this CudaStream stream, nint destination, nint source, long bytes)
    {
        using var current = stream.Context.MakeCurrent();
        cuMemcpyDtoDAsync_v2((ulong)destination, (ulong)source, (nuint)bytes, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Copies rows within a device; a row begins its pitch of bytes after the one before.</summary>
    public static void CopyRows(this CudaStream stream, nint destination, long destinationPitch, nint source, long sourcePitch, long rowBytes, long rows)
    {
        using var current = stream.Context.MakeCurrent();
        var copy = new CUDA_MEMCPY2D
        {
            srcMemoryType = CU_MEMORYTYPE_DEVICE,
            srcDevice = (ulong)source,
            srcPitch = (nuint)sourcePitch,
            dstMemoryType = CU_MEMORYTYPE_DEVICE,
            dstDevice = (ulong)destination,
            dstPitch = (nuint)destinationPitch,
            WidthInBytes = (nuint)rowBytes,
            Height = (nuint)rows,
        };
        cuMemcpy2DAsync_v2(&copy, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Copies from a device to another; the stream belongs to either.</summary>
    public static void CopyAcross(this CudaStream stream, CudaContext to, nint destination, CudaContext from, nint source, long bytes)
    {
        using var current = stream.Context.MakeCurrent();
        cuMemcpyPeerAsync((ulong)destination, to.Handle, (ulong)source, from.Handle, (nuint)bytes, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Sets bytes to zero.</summary>
    public static void Clear(this CudaStream stream, nint destination, long bytes)
    {
        using var current = stream.Context.MakeCurrent();
        cuMemsetD8Async((ulong)destination, 0, (nuint)bytes, stream.Handle).ThrowIfFailed();
    }

    /// <summary>Sets floats to one value.</summary>
    public static void Fill(this CudaStream stream, nint destination, float value, long count)
    {
        using var current = stream.Context.MakeCurrent();
        cuMemsetD32Async((ulong)destination, BitConverter.SingleToUInt32Bits(value), (nuint)count, stream.Handle).ThrowIfFailed();
    }

    static void CheckRange(PinnedMemory memory, long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset > memory.Bytes - bytes)
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, $"From {offset} on {memory.Bytes - offset} bytes are pinned.");
    }
}
