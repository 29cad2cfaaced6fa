using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>A pooling window; a NaN in it is passed on.</summary>
internal sealed unsafe class PoolingDescriptor : DnnDescriptor
{
    /// <summary>Padding is the same on both sides.</summary>
    public PoolingDescriptor(PoolingMode mode, int windowH, int windowW, int padH, int padW, int strideH, int strideW)
    {
        nint native;
        cudnnCreatePoolingDescriptor(&native).ThrowIfFailed();
        Own(native, cudnnSetPooling2dDescriptor(native, (int)mode, CUDNN_PROPAGATE_NAN, windowH, windowW, padH, padW, strideH, strideW), $"cudnnSetPooling2dDescriptor({mode}, {windowH}x{windowW}, padding {padH}x{padW}, stride {strideH}x{strideW})");
    }

    /// <summary>Rows and columns of the output.</summary>
    public (int H, int W) Output(TensorDescriptor input)
    {
        int n, c, h, w;
        cudnnGetPooling2dForwardOutputDim(Handle, input.Handle, &n, &c, &h, &w).ThrowIfFailed();
        return (h, w);
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyPoolingDescriptor(handle);
}
