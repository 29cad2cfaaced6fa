using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Layers.Operators;

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
        /// <summary>The first element.</summary>
        public float* Floats => (float*)activation.Address;

        public bool IsBlocked => activation.Layout == Layout.Blocked;

        /// <summary>Elements with pad lanes in: what lies in memory.</summary>
        public long Length => CpuLayouts.Floats(activation.Shape, activation.Layout);
    }
}

/// <summary>Whole arrays copied.</summary>
internal static unsafe class Copies
{
    /// <summary>Copies an array to one of the same shape and layout.</summary>
    public static void Whole(Activation from, Activation to)
    {
        long bytes = to.Length * sizeof(float);
        Buffer.MemoryCopy(from.Floats, to.Floats, bytes, bytes);
    }
}

/// <summary>What the layouts mean on the processor.</summary>
internal static class CpuLayouts
{
    /// <summary>Floats of a value in memory. Blocked values have four axes.</summary>
    public static long Floats(Shape shape, Layout layout) =>
        layout == Layout.Planar ? shape.Count : BlockedLayout.Floats(shape.N, shape.C, shape.H * shape.W);

    /// <summary>Floats of a sample in the layout that needs more.</summary>
    public static long MostPerSample(Shape shape) =>
        shape.Rank == Shape.MaxRank ? BlockedLayout.Floats(1, shape.C, shape.H * shape.W) : shape.SampleCount;
}
