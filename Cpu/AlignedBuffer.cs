using System.Runtime.InteropServices;

namespace Preimage.Cpu;

/// <summary>One block of native memory aligned to 64 bytes; owns it.</summary>
/// <remarks>Tensor memory never lies in managed arrays: kernels need no pinning, alignment is known, and the garbage collector has nothing to
/// move. The collector is told of the bytes (memory pressure), so that forgotten buffers are found in time.</remarks>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>One cache line, and one vector of the widest instruction set.</summary>
    public const int Alignment = 64;

    static long s_outstanding;
    nint _address;

    /// <summary>Allocates; the contents are undefined.</summary>
    /// <param name="bytes">At least 0; rounded up to a multiple of 64, and never less than 64.</param>
    public AlignedBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = Math.Max(RoundUp(bytes), Alignment);
        _address = (nint)NativeMemory.AlignedAlloc((nuint)Bytes, Alignment);
        GC.AddMemoryPressure(Bytes);
        Interlocked.Increment(ref s_outstanding);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Buffers allocated and not yet freed in this process: what leak tests look at.</summary>
    public static long Outstanding => Interlocked.Read(ref s_outstanding);

    /// <summary>How many bytes there are.</summary>
    public long Bytes { get; }

    /// <summary>Where they start.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address == 0, this);
            return _address;
        }
    }

    /// <summary>The start as float32.</summary>
    public float* Floats => (float*)Address;

    /// <summary>The next multiple of 64.</summary>
    public static long RoundUp(long bytes) => (bytes + (Alignment - 1)) & ~(long)(Alignment - 1);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address == 0)
            return;
        NativeMemory.AlignedFree((void*)address);
        GC.RemoveMemoryPressure(Bytes);
        Interlocked.Decrement(ref s_outstanding);
    }
}
