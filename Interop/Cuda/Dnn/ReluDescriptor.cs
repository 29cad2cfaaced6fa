using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>max(x, 0), where not-a-number is to stay.</summary>
internal sealed unsafe class ReluDescriptor : DnnDescriptor
{
    public ReluDescriptor()
    {
        nint native;
        cudnnCreateActivationDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetActivationDescriptor(native, CUDNN_ACTIVATION_RELU, CUDNN_PROPAGATE_NAN, 0), "cudnnSetActivationDescriptor(RELU)");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyActivationDescriptor(handle);
}
