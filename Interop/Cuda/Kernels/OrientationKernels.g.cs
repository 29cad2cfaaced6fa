// Written by tests/Interop.Tests from Native/Kernels/orientation.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of orientation.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class OrientationKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "orientation";

    static readonly KernelEntry s_orientationForward = new(Family, "orientation_forward");
    static readonly KernelEntry s_orientationBackward = new(Family, "orientation_backward");
    static readonly KernelEntry s_blockNormForward = new(Family, "block_norm_forward");
    static readonly KernelEntry s_blockNormBackward = new(Family, "block_norm_backward");

    /// <summary>h of [samples][K][plane] from gradients [samples][colours][2][plane], x then y, of which a pixel's
    /// strongest counts; directions are K pairs (cos, sin) of 2 pi k / K, a is cos(2 pi / K). A pixel without gradient
    /// gives zeros.</summary>
    public static void OrientationForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int binning, nint g, nint directions, nint h,
        long samples, int colours, long plane, int bins, float a)
    {
        void** arguments = stackalloc void*[]
        {
            &binning, &g, &directions, &h, &samples, &colours, &plane, &bins, &a,
        };
        kernels[s_orientationForward].Launch(stream, shape, arguments);
    }

    /// <summary>The signal at the gradients, [rows][colours][2][plane], from that at h; row r reads the gradients of
    /// row r / seeds. 0 where there is no gradient, and at the colours that are not the strongest.</summary>
    public static void OrientationBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, int binning, nint g, nint directions, nint signal,
        nint result, long rows, int seeds, int colours, long plane, int bins, float a)
    {
        void** arguments = stackalloc void*[]
        {
            &binning, &g, &directions, &signal, &result, &rows, &seeds, &colours, &plane, &bins, &a,
        };
        kernels[s_orientationBackward].Launch(stream, shape, arguments);
    }

    /// <summary>y = min(v / N, limit) over [samples][C][plane], a thread per place of the plane.</summary>
    public static void BlockNormForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint v, nint y, long samples, int channels,
        long plane, int period, int first, float epsilon, float least, float limit)
    {
        void** arguments = stackalloc void*[]
        {
            &v, &y, &samples, &channels, &plane, &period, &first, &epsilon, &least, &limit,
        };
        kernels[s_blockNormForward].Launch(stream, shape, arguments);
    }

    /// <summary>m = R where v / N is at most the limit, else 0; dv = m / N, and in the channels of the norm, unless it
    /// is at its least, - v * (sum of m v) / N^3. rows of signal, row r of it reading v of row r / seeds.</summary>
    public static void BlockNormBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint v, nint signal, nint result, long rows,
        int seeds, int channels, long plane, int period, int first, float epsilon, float least, float limit)
    {
        void** arguments = stackalloc void*[]
        {
            &v, &signal, &result, &rows, &seeds, &channels, &plane, &period, &first, &epsilon, &least, &limit,
        };
        kernels[s_blockNormBackward].Launch(stream, shape, arguments);
    }
}
