using Preimage.Interop.Cuda;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Device memory.</summary>
internal sealed class CudaBuffer(CudaContext context, long bytes) : DeviceBuffer
{
    readonly DeviceMemory _memory = new(context, Math.Max(bytes, 1));

    public override nint Address => _memory.Handle;

    public override long Bytes => _memory.Bytes;

    public override void Dispose() => _memory.Dispose();
}
