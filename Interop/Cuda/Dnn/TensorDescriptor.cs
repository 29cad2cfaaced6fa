using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Extents of a float32 tensor of four axes and how they lie in memory.</summary>
internal sealed unsafe class TensorDescriptor : DnnDescriptor
{
    /// <summary>A dense tensor.</summary>
    public TensorDescriptor(int n, int c, int h, int w, TensorLayout layout = TensorLayout.Nchw)
    {
        nint native;
        cudnnCreateTensorDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetTensor4dDescriptor(native, (int)layout, CUDNN_DATA_FLOAT, n, c, h, w), $"cudnnSetTensor4dDescriptor({n}, {c}, {h}, {w})");
    }

    /// <summary>A tensor with distances of its own between neighbours along each axis, in floats.</summary>
    public TensorDescriptor(int n, int c, int h, int w, int strideN, int strideC, int strideH, int strideW)
    {
        nint native;
        cudnnCreateTensorDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetTensor4dDescriptorEx(native, CUDNN_DATA_FLOAT, n, c, h, w, strideN, strideC, strideH, strideW),
            $"cudnnSetTensor4dDescriptorEx({n}, {c}, {h}, {w}, strides {strideN}, {strideC}, {strideH}, {strideW})");
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyTensorDescriptor(handle);
}
