using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>A convolution in the sense of networks, a cross-correlation, accumulated in float32.</summary>
internal sealed unsafe class ConvolutionDescriptor : DnnDescriptor
{
    ConvolutionMath _math;

    /// <summary>Padding is the same on both sides.</summary>
    public ConvolutionDescriptor(
        int padH, int padW, int strideH, int strideW, int dilationH = 1, int dilationW = 1, int groups = 1, ConvolutionMath math = ConvolutionMath.Fma)
    {
        nint native;
        cudnnCreateConvolutionDescriptor(&native).ThrowIfFailed();
        cudnnStatus_t status = cudnnSetConvolution2dDescriptor(
            native, padH, padW, strideH, strideW, dilationH, dilationW, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT);
        if (status == cudnnStatus_t.CUDNN_STATUS_SUCCESS) status = cudnnSetConvolutionGroupCount(native, groups);
        if (status == cudnnStatus_t.CUDNN_STATUS_SUCCESS) status = cudnnSetConvolutionMathType(native, (int)math);
        Own(native, status,
            $"cudnnSetConvolution2dDescriptor(padding {padH}x{padW}, stride {strideH}x{strideW}, dilation {dilationH}x{dilationW}, {groups} groups, {math})");
        _math = math;
    }

    /// <summary>Which arithmetic it may use.</summary>
    /// <remarks>An algorithm runs in this arithmetic, whatever a search said it was offered with.</remarks>
    public ConvolutionMath Math
    {
        get => _math;
        set
        {
            if (_math != value) cudnnSetConvolutionMathType(Handle, (int)value).ThrowIfFailed();
            _math = value;
        }
    }

    private protected override cudnnStatus_t Destroy() => cudnnDestroyConvolutionDescriptor(handle);
}
