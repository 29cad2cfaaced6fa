using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Extents of a float32 tensor of four axes, dense: samples, channels, rows, columns.</summary>
internal sealed unsafe class TensorDescriptor : DnnDescriptor
{
    public TensorDescriptor(int n, int c, int h, int w)
    {
        nint native;
        cudnnCreateTensorDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetTensor4dDescriptor(native, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, n, c, h, w), $"cudnnSetTensor4dDescriptor({n}, {c}, {h}, {w})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyTensorDescriptor(handle);
}
