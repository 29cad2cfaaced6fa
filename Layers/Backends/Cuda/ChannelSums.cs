using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Sums of a signal over samples and places, per channel: gradients of biases, of factors and summands.</summary>
internal static class ChannelSums
{
    /// <summary>sums[c] = sum of dy; where x is given, products[c] = factors[c] * sum of (x - centres[c]) dy.</summary>
    public static void Run(CudaQueue queue, Activation dy, int channels, int plane, nint x, nint centres, nint factors, nint sums, nint products)
    {
        int samples = dy.Shape.Count / (channels * plane);
        // A block per channel whose lines take samples side by side; a thread per channel where planes are one place.
        LaunchShape shape = plane == 1 ? LaunchShape.Over(channels) : new LaunchShape(channels, BlockX: Math.Clamp((samples * 16 + 31) / 32 * 32, 32, 256));
        BiasKernels.ChannelSums(queue.Kernels, queue.Stream, shape, x, dy.Address, centres, factors, sums, products, samples, channels, plane);
    }
}
