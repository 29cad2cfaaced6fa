using Preimage.Layers.Operators;

namespace Preimage.Layers;

/// <summary>A float32 array in the memory of one backend: a shape and an address, owning nothing.</summary>
/// <remarks>
/// What a layout means is the backend's own business; host data goes in and out as NCHW through
/// <see cref="WorkQueue"/>. An address of 0 means "not wanted" where a call allows it.
/// </remarks>
/// <param name="Shape">The extents.</param>
/// <param name="Address">Where the array starts, aligned to 64 bytes or more.</param>
/// <param name="Layout">How its elements lie there.</param>
internal readonly record struct Activation(Shape Shape, nint Address, Layout Layout = Layout.Planar)
{
    public bool IsPresent => Address != 0;
}

/// <summary>One allocation of a backend; owns it.</summary>
internal abstract class DeviceBuffer : IDisposable
{
    /// <summary>Where it starts.</summary>
    public abstract nint Address { get; }

    /// <summary>How long it is.</summary>
    public abstract long Bytes { get; }

    /// <summary>Gives the memory back.</summary>
    public abstract void Dispose();
}

/// <summary>A part of memory that somebody else keeps.</summary>
internal sealed class BorrowedBuffer(nint address, long bytes) : DeviceBuffer
{
    public override nint Address => address;

    public override long Bytes => bytes;

    public override void Dispose()
    {
        // It is not ours.
    }
}
