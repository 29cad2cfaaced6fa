using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Reduces the axes that have extent 1 in the result, in float32; NaN is passed on.</summary>
internal sealed unsafe class ReduceTensorDescriptor : DnnDescriptor
{
    /// <param name="reduction">How.</param>
    public ReduceTensorDescriptor(Reduction reduction)
    {
        nint native;
        cudnnCreateReduceTensorDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetReduceTensorDescriptor(native, (int)reduction, CUDNN_DATA_FLOAT, CUDNN_PROPAGATE_NAN, CUDNN_REDUCE_TENSOR_NO_INDICES, CUDNN_32BIT_INDICES), $"cudnnSetReduceTensorDescriptor({reduction})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyReduceTensorDescriptor(handle);
}
