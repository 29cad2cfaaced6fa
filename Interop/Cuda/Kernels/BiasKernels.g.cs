// Written by tests/Interop.Tests from Native/Kernels/bias.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.
namespace Preimage.Interop.Cuda.Kernels;

/// <summary>Launches the kernels of bias.cu, in the current context. They allocate nothing.</summary>
internal static unsafe class BiasKernels
{
    /// <summary>What <see cref="KernelLibrary.Load"/> calls them.</summary>
    public const string Family = "bias";

    static readonly KernelEntry s_addBias = new(Family, "add_bias");
    static readonly KernelEntry s_channelSums = new(Family, "channel_sums");

    /// <summary>y = x + bias[c]; y may be x. Of a dense layer, plane is 1.</summary>
    public static void AddBias(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint bias, nint y, long elements,
        int channels, int plane)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &bias, &y, &elements, &channels, &plane,
        };
        kernels[s_addBias].Launch(stream, shape, arguments);
    }

    /// <summary>sums[c] = sum of dy and, where x is not null, products[c] = factors[c] * sum of (x - centres[c]) dy;
    /// the bits of Cpu/Reductions/ChannelSums: each plane is a sum in the order of sums.h, planes are added in the
    /// order of samples from +0. One block per channel, its lines taking samples side by side: launch 16 threads per
    /// sample, 32 to 256. Where plane is 1, one thread per channel.</summary>
    public static void ChannelSums(
        KernelLibrary kernels, CudaStream stream, LaunchShape shape, nint x, nint dy, nint centres, nint factors,
        nint sums, nint products, int samples, int channels, int plane)
    {
        void** arguments = stackalloc void*[]
        {
            &x, &dy, &centres, &factors, &sums, &products, &samples, &channels, &plane,
        };
        kernels[s_channelSums].Launch(stream, shape, arguments);
    }
}
