// Written by tests/Interop.Tests from Native/Kernels/pooling.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of pooling.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class PoolingKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "pooling";

    static readonly KernelEntry s_maxPoolForward = new(Family, "max_pool_forward");
    static readonly KernelEntry s_maxPoolBackward = new(Family, "max_pool_backward");
    static readonly KernelEntry s_maxPoolBackwardCentres = new(Family, "max_pool_backward_centres");
    static readonly KernelEntry s_tapsToSwitches = new(Family, "taps_to_switches");
    static readonly KernelEntry s_switchesToTaps = new(Family, "switches_to_taps");
    static readonly KernelEntry s_averagePoolForward = new(Family, "average_pool_forward");
    static readonly KernelEntry s_averagePoolBackward = new(Family, "average_pool_backward");

    /// <summary>outputs = planes * outH * outW. taps and switches may each be null.</summary>
    public static void MaxPoolForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, nint taps, nint switches,
        long outputs, int h, int w, int outH, int outW, int r, int s, int strideY, int strideX, int padTop,
        int padLeft, int dilationY, int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &taps, &switches, &outputs, &h, &w, &outH, &outW, &r, &s, &strideY, &strideX, &padTop, &padLeft,
            &dilationY, &dilationX,
        };
        kernels[s_maxPoolForward].Launch(stream, shape, arguments);
    }

    /// <summary>The signal to the maxima, by taps, or by switches where taps is null. elements = rows * channels * h *
    /// w; row r reads the state of r / seeds. rule is that of the ReLU whose output was pooled (rules.h), 0 for none,
    /// and mask what it reads.</summary>
    public static void MaxPoolBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint signal, nint taps, nint switches,
        nint result, long elements, int channels, int seeds, nint mask, int rule, int h, int w, int outH, int outW,
        int r, int s, int strideY, int strideX, int padTop, int padLeft, int dilationY, int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &signal, &taps, &switches, &result, &elements, &channels, &seeds, &mask, &rule, &h, &w, &outH, &outW, &r,
            &s, &strideY, &strideX, &padTop, &padLeft, &dilationY, &dilationX,
        };
        kernels[s_maxPoolBackward].Launch(stream, shape, arguments);
    }

    /// <summary>The signal to the centres of the windows, or, where a centre is padding, to the nearest element;
    /// channels to rule as above.</summary>
    public static void MaxPoolBackwardCentres(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint signal, nint result, long elements,
        int channels, int seeds, nint mask, int rule, int h, int w, int outH, int outW, int r, int s, int strideY,
        int strideX, int padTop, int padLeft, int dilationY, int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &signal, &result, &elements, &channels, &seeds, &mask, &rule, &h, &w, &outH, &outW, &r, &s, &strideY,
            &strideX, &padTop, &padLeft, &dilationY, &dilationX,
        };
        kernels[s_maxPoolBackwardCentres].Launch(stream, shape, arguments);
    }

    public static void TapsToSwitches(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint taps, nint switches, long outputs, int h,
        int w, int outH, int outW, int r, int s, int strideY, int strideX, int padTop, int padLeft, int dilationY,
        int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &taps, &switches, &outputs, &h, &w, &outH, &outW, &r, &s, &strideY, &strideX, &padTop, &padLeft,
            &dilationY, &dilationX,
        };
        kernels[s_tapsToSwitches].Launch(stream, shape, arguments);
    }

    /// <summary>What is no tap of its output's window becomes none; refusing such a record is the caller's
    /// business.</summary>
    public static void SwitchesToTaps(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint switches, nint taps, long outputs, int h,
        int w, int outH, int outW, int r, int s, int strideY, int strideX, int padTop, int padLeft, int dilationY,
        int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &switches, &taps, &outputs, &h, &w, &outH, &outW, &r, &s, &strideY, &strideX, &padTop, &padLeft,
            &dilationY, &dilationX,
        };
        kernels[s_switchesToTaps].Launch(stream, shape, arguments);
    }

    /// <summary>Taps inside the plane are added in row-major order from +0; a window that counts no tap gives
    /// 0.</summary>
    public static void AveragePoolForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint y, long outputs, int top, int bottom,
        int left, int right, int h, int w, int outH, int outW, int r, int s, int strideY, int strideX, int padTop,
        int padLeft, int dilationY, int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &y, &outputs, &top, &bottom, &left, &right, &h, &w, &outH, &outW, &r, &s, &strideY, &strideX, &padTop,
            &padLeft, &dilationY, &dilationX,
        };
        kernels[s_averagePoolForward].Launch(stream, shape, arguments);
    }

    public static void AveragePoolBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint signal, nint result, long elements, int top,
        int bottom, int left, int right, int h, int w, int outH, int outW, int r, int s, int strideY, int strideX,
        int padTop, int padLeft, int dilationY, int dilationX)
    {
        void** arguments = stackalloc void*[]
        {
            &signal, &result, &elements, &top, &bottom, &left, &right, &h, &w, &outH, &outW, &r, &s, &strideY,
            &strideX, &padTop, &padLeft, &dilationY, &dilationX,
        };
        kernels[s_averagePoolBackward].Launch(stream, shape, arguments);
    }
}
