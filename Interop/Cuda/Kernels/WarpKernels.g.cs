// Written by tests/Interop.Tests from Native/Kernels/warp.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of warp.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class WarpKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "warp";

    static readonly KernelEntry s_warp = new(Family, "warp");
    static readonly KernelEntry s_warpBackward = new(Family, "warp_backward");

    /// <summary>A chain from +0 over the four pixels, the upper left first.</summary>
    public static void Warp(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, nint transforms, nint iteration,
        long planes, int h, int w, int outputH, int outputW)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &transforms, &iteration, &planes, &h, &w, &outputH, &outputW,
        };
        kernels[s_warp].Launch(stream, shape, arguments);
    }

    /// <summary>The adjoint: pixel (r, c) adds up, from +0 and in row-major order, what it gave to each output. Those
    /// are where the inverse map takes the pixels less than one from it, a parallelogram, of which the bounding box is
    /// searched; one more on each side allows for rounding.</summary>
    public static void WarpBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint y, nint x, nint transforms, nint iteration,
        long planes, int h, int w, int outputH, int outputW)
    {
        void** arguments = stackalloc void*[]
        {
            &y, &x, &transforms, &iteration, &planes, &h, &w, &outputH, &outputW,
        };
        kernels[s_warpBackward].Launch(stream, shape, arguments);
    }
}
