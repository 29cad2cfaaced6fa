using Preimage.Cpu;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Aligned host memory.</summary>
internal sealed class CpuBuffer(long bytes) : DeviceBuffer
{
    readonly AlignedBuffer _memory = new(bytes);

    public override nint Address => _memory.Address;

    public override long Bytes => _memory.Bytes;

    public override void Dispose() => _memory.Dispose();
}

/// <summary>An activation as the kernels see it.</summary>
internal static unsafe class ActivationPointers
{
    extension(Activation activation)
    {
        /// <summary>The first element, NCHW.</summary>
        public float* Floats => (float*)activation.Address;
    }
}
