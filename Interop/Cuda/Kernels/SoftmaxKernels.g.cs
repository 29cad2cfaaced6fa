// Written by tests/Interop.Tests from Native/Kernels/softmax.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of softmax.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class SoftmaxKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "softmax";

    static readonly KernelEntry s_softmaxForward = new(Family, "softmax_forward");
    static readonly KernelEntry s_softmaxBackward = new(Family, "softmax_backward");

    /// <summary>y = e^(x - max) / sum, or x - max - ln sum; y must not be x.</summary>
    public static void SoftmaxForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, long outer, int extent, int inner,
        int logarithmic)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &outer, &extent, &inner, &logarithmic,
        };
        kernels[s_softmaxForward].Launch(stream, shape, arguments);
    }

    /// <summary>y (R - sum of R y), or R - e^y * sum of R. rows of outerPerRow lots of lines; row r of the signal reads
    /// row r / seeds of y. result may be signal.</summary>
    public static void SoftmaxBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint y, nint signal, nint result, long rows,
        int seeds, int outerPerRow, int extent, int inner, int logarithmic)
    {
        void** arguments = stackalloc void*[]
        {
            &y, &signal, &result, &rows, &seeds, &outerPerRow, &extent, &inner, &logarithmic,
        };
        kernels[s_softmaxBackward].Launch(stream, shape, arguments);
    }
}
