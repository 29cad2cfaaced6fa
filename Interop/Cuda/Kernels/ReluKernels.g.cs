// Written by tests/Interop.Tests from Native/Kernels/relu.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of relu.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class ReluKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "relu";

    static readonly KernelEntry s_piecewiseForward = new(Family, "piecewise_forward");
    static readonly KernelEntry s_biasReluForward = new(Family, "bias_relu_forward");
    static readonly KernelEntry s_piecewiseBackward = new(Family, "piecewise_backward");

    /// <summary>kind 0: max(x, 0), +0 for zeros of either sign. 1: x where x &gt; 0, else a x. 2: min(max(x, a), b),
    /// upper slope strictly between. Not-a-number stays, its bit is 0. mask may be null.</summary>
    public static void PiecewiseForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int kind, nint x, nint y, nint mask, long units,
        float a, float b, nint slopes, long inner, long count)
    {
        void** arguments = stackalloc void*[]
        {
            &kind, &x, &y, &mask, &units, &a, &b, &slopes, &inner, &count,
        };
        kernels[s_piecewiseForward].Launch(stream, shape, arguments);
    }

    /// <summary>y = max(x + bias[c] + addend, 0) over [N][C][plane], added in this order; bias, addend and mask may be
    /// null.</summary>
    public static void BiasReluForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint bias, nint addend, nint y, nint mask,
        long units, int channels, int plane)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &bias, &addend, &y, &mask, &units, &channels, &plane,
        };
        kernels[s_biasReluForward].Launch(stream, shape, arguments);
    }

    /// <summary>The signal of rows * units elements through the mask of rows / seeds * units: row r reads the state of
    /// row r / seeds. With a lower slope of 0 the result there is +0 whatever the signal. rule 0: the signal. 1
    /// (deconvnet): max(signal, 0). 2 (gradient): by slope. 3 (guided).</summary>
    public static void PiecewiseBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint signal, nint result, nint mask, long rows,
        long units, int seeds, int rule, float lower, nint slopes, long inner, long count)
    {
        void** arguments = stackalloc void*[]
        {
            &signal, &result, &mask, &rows, &units, &seeds, &rule, &lower, &slopes, &inner, &count,
        };
        kernels[s_piecewiseBackward].Launch(stream, shape, arguments);
    }
}
