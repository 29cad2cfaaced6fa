using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>Host memory that stays where it is, so that the device reads and writes it while the host goes on.</summary>
internal sealed unsafe class PinnedMemory : ContextChild
{
    // CU_MEMHOSTALLOC_PORTABLE of cuda.h, a macro: pinned for every context.
    const uint Portable = 1;

    /// <summary>Allocates host memory; its content is undefined until written.</summary>
    /// <param name="context">Any context; the memory serves all.</param>
    /// <param name="bytes">How many, 1 or more.</param>
    public PinnedMemory(CudaContext context, long bytes)
        : base(context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        Bytes = bytes;
        using var current = context.MakeCurrent();
        void* pointer;
        cuMemHostAlloc(&pointer, (nuint)bytes, Portable).ThrowIfFailed($"cuMemHostAlloc({bytes} bytes)");
        Attach((nint)pointer, owned: true, context);
    }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>The whole of it as values, for the host; not while the device uses it.</summary>
    public Span<T> As<T>() where T : unmanaged => new((void*)Handle, checked((int)(Bytes / sizeof(T))));

    private protected override CUresult Destroy() => cuMemFreeHost((void*)handle);
}
