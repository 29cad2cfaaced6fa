// Written by tests/Interop.Tests from Native/Kernels/means.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of means.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class MeansKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "means";

    static readonly KernelEntry s_axesMeanForward = new(Family, "axes_mean_forward");
    static readonly KernelEntry s_axesMeanBackward = new(Family, "axes_mean_backward");

    /// <summary>Sixteen threads a mean (sums.h), one mean per index of the kept axes, terms in row-major
    /// order.</summary>
    public static void AxesMeanForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, uint reduced, int e0, int e1,
        int e2, int e3)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &reduced, &e0, &e1, &e2, &e3,
        };
        kernels[s_axesMeanForward].Launch(stream, shape, arguments);
    }

    /// <summary>Each element gets the signal of its mean divided by their count; the extents are those of the
    /// result.</summary>
    public static void AxesMeanBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint signal, nint result, uint reduced, int e0,
        int e1, int e2, int e3)
    {
        void** arguments = stackalloc void*[]
        {
            &signal, &result, &reduced, &e0, &e1, &e2, &e3,
        };
        kernels[s_axesMeanBackward].Launch(stream, shape, arguments);
    }
}
