using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Local response normalisation across channels: x / (k + alpha/size * sum of squares)^beta.</summary>
internal sealed unsafe class LrnDescriptor : DnnDescriptor
{
    /// <param name="size">Channels of the window, 1..16; cuDNN divides alpha by it.</param>
    /// <param name="alpha">Factor of the sum.</param>
    /// <param name="beta">Exponent, 0.01 or more.</param>
    /// <param name="k">Offset, 1e-5 or more.</param>
    public LrnDescriptor(int size, double alpha, double beta, double k)
    {
        nint native;
        cudnnCreateLRNDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetLRNDescriptor(native, (uint)size, alpha, beta, k), $"cudnnSetLRNDescriptor({size}, {alpha}, {beta}, {k})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyLRNDescriptor(handle);
}
