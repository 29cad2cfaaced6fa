using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>A function of one value; NaN stays NaN.</summary>
internal sealed unsafe class ActivationDescriptor : DnnDescriptor
{
    /// <param name="mode">Which.</param>
    /// <param name="coefficient">Where a clipped ReLU ends, or the factor of an ELU.</param>
    public ActivationDescriptor(ActivationMode mode, double coefficient = 0)
    {
        nint native;
        cudnnCreateActivationDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetActivationDescriptor(native, (int)mode, CUDNN_PROPAGATE_NAN, coefficient), $"cudnnSetActivationDescriptor({mode}, {coefficient})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyActivationDescriptor(handle);
}
