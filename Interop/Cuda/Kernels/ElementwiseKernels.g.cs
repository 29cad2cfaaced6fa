// Written by tests/Interop.Tests from Native/Kernels/elementwise.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of elementwise.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class ElementwiseKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "elementwise";

    static readonly KernelEntry s_smoothForward = new(Family, "smooth_forward");
    static readonly KernelEntry s_smoothBackward = new(Family, "smooth_backward");
    static readonly KernelEntry s_channelAffine = new(Family, "channel_affine");
    static readonly KernelEntry s_fill = new(Family, "fill");
    static readonly KernelEntry s_scale = new(Family, "scale");
    static readonly KernelEntry s_axpy = new(Family, "axpy");
    static readonly KernelEntry s_broadcastForward = new(Family, "broadcast_forward");
    static readonly KernelEntry s_broadcastBackward = new(Family, "broadcast_backward");

    /// <summary>kind 0: 1 / (1 + e^-x). 1: tanh x. 2: e^x. 3: its root. 4: x where x &gt; 0, else e^x - 1. 5: ln(1 +
    /// e^x). 6: erf x. y may be x.</summary>
    public static void SmoothForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int kind, nint x, nint y, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &kind, &x, &y, &elements,
        };
        kernels[s_smoothForward].Launch(stream, shape, arguments);
    }

    /// <summary>The signal times the derivative; row r of the signal, of that many units, reads row r / seeds of the
    /// output y or, of erf, of the input. result may be signal.</summary>
    public static void SmoothBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int kind, nint signal, nint y, nint result,
        long rows, long units, int seeds)
    {
        void** arguments = stackalloc void*[]
        {
            &kind, &signal, &y, &result, &rows, &units, &seeds,
        };
        kernels[s_smoothBackward].Launch(stream, shape, arguments);
    }

    /// <summary>y = fma(scale[c], x, shift[c]) over [N][C][plane]; without shifts scale[c] * x, which is the way back.
    /// y may be x.</summary>
    public static void ChannelAffine(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint scale, nint shift, nint y,
        long elements, int channels, int plane)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &scale, &shift, &y, &elements, &channels, &plane,
        };
        kernels[s_channelAffine].Launch(stream, shape, arguments);
    }

    public static void Fill(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint to, float value, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &to, &value, &elements,
        };
        kernels[s_fill].Launch(stream, shape, arguments);
    }

    /// <summary>y = factor * x; y may be x.</summary>
    public static void Scale(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, float factor, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &factor, &elements,
        };
        kernels[s_scale].Launch(stream, shape, arguments);
    }

    /// <summary>y = fma(factor, x, y); a factor of 1 adds x to what is there.</summary>
    public static void Axpy(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, float factor, long elements)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &factor, &elements,
        };
        kernels[s_axpy].Launch(stream, shape, arguments);
    }

    /// <summary>y = a op b; y may be an operand that is not repeated.</summary>
    public static void BroadcastForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int operation, nint a, nint b, nint y, int e0,
        int e1, int e2, int e3, long a0, long a1, long a2, long a3, long b0, long b1, long b2, long b3)
    {
        void** arguments = stackalloc void*[]
        {
            &operation, &a, &b, &y, &e0, &e1, &e2, &e3, &a0, &a1, &a2, &a3, &b0, &b1, &b2, &b3,
        };
        kernels[s_broadcastForward].Launch(stream, shape, arguments);
    }

    /// <summary>The signal of a (toB 0) or b: summed in the order of sums.h over the axes of which bit is set in
    /// repeated, row-major; one line per element of the operand, whose own strides are those of a contiguous array
    /// without those axes. Where nothing is repeated there is no sum. Row r of the signal reads row r / seeds of the
    /// operands, which may be null where the operation does not read them (add, subtract).</summary>
    public static void BroadcastBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int operation, int toB, uint repeated,
        nint signal, nint a, nint b, nint result, int seeds, int e0, int e1, int e2, int e3, long a0, long a1, long a2,
        long a3, long b0, long b1, long b2, long b3)
    {
        void** arguments = stackalloc void*[]
        {
            &operation, &toB, &repeated, &signal, &a, &b, &result, &seeds, &e0, &e1, &e2, &e3, &a0, &a1, &a2, &a3, &b0,
            &b1, &b2, &b3,
        };
        kernels[s_broadcastBackward].Launch(stream, shape, arguments);
    }
}
