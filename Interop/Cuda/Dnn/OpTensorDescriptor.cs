using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Joins two tensors element by element in float32; NaN is passed on.</summary>
internal sealed unsafe class OpTensorDescriptor : DnnDescriptor
{
    /// <param name="operation">How.</param>
    public OpTensorDescriptor(TensorOperation operation)
    {
        nint native;
        cudnnCreateOpTensorDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetOpTensorDescriptor(native, (int)operation, CUDNN_DATA_FLOAT, CUDNN_PROPAGATE_NAN), $"cudnnSetOpTensorDescriptor({operation})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyOpTensorDescriptor(handle);
}
