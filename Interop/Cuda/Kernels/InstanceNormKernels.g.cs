// Written by tests/Interop.Tests from Native/Kernels/instance_norm.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of instance_norm.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class InstanceNormKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "instance_norm";

    static readonly KernelEntry s_instanceNormForward = new(Family, "instance_norm_forward");
    static readonly KernelEntry s_instanceNormBackward = new(Family, "instance_norm_backward");
    static readonly KernelEntry s_instanceNormParameters = new(Family, "instance_norm_parameters");

    /// <summary>planes = samples * channels; y may be x.</summary>
    public static void InstanceNormForward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint scale, nint shift, nint y,
        long planes, int channels, int plane, float epsilon)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &scale, &shift, &y, &planes, &channels, &plane, &epsilon,
        };
        kernels[s_instanceNormForward].Launch(stream, shape, arguments);
    }

    /// <summary>dx = s (R - mean(R) - (x - m) * mean(R (x - m)) / (v + epsilon)), s = scale / sqrt(v + epsilon). planes
    /// = rows * channels; row r reads row r / seeds of x. result may be signal.</summary>
    public static void InstanceNormBackward(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint scale, nint signal, nint result,
        long planes, int seeds, int channels, int plane, float epsilon)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &scale, &signal, &result, &planes, &seeds, &channels, &plane, &epsilon,
        };
        kernels[s_instanceNormBackward].Launch(stream, shape, arguments);
    }

    /// <summary>sums = the sum of R and products = that of R (x - m) / sqrt(v + epsilon) of each plane: what they have
    /// of the gradients of shift and scale.</summary>
    public static void InstanceNormParameters(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint signal, nint sums, nint products,
        long planes, int plane, float epsilon)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &signal, &sums, &products, &planes, &plane, &epsilon,
        };
        kernels[s_instanceNormParameters].Launch(stream, shape, arguments);
    }
}
