using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Convolutions. An algorithm is the number that <see cref="ConvolutionChoice"/> gives for the same pass.</summary>
internal sealed unsafe partial class DnnHandle
{
    /// <summary>y = alpha conv(x, w) + beta y.</summary>
    public void Convolve(
        TensorDescriptor xShape, nint x, FilterDescriptor wShape, nint w, ConvolutionDescriptor convolution, int algorithm,
        nint workspace, long workspaceBytes, TensorDescriptor yShape, nint y, float alpha = 1, float beta = 0)
    {
        cudnnConvolutionForward(
            Handle, &alpha, xShape.Handle, x, wShape.Handle, w, convolution.Handle, algorithm, workspace, (nuint)workspaceBytes, &beta,
            yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnConvolutionForward));
    }

    /// <summary>
    /// y = max(conv(x, w) + addendFactor z + bias, 0). Without an addend z may be y.
    /// </summary>
    public void ConvolveBiasActivate(
        TensorDescriptor xShape, nint x, FilterDescriptor wShape, nint w, ConvolutionDescriptor convolution, int algorithm,
        nint workspace, long workspaceBytes, TensorDescriptor zShape, nint z, float addendFactor, TensorDescriptor biasShape, nint bias,
        ReluDescriptor relu, TensorDescriptor yShape, nint y)
    {
        float one = 1;
        cudnnConvolutionBiasActivationForward(
            Handle, &one, xShape.Handle, x, wShape.Handle, w, convolution.Handle, algorithm, workspace, (nuint)workspaceBytes, &addendFactor,
            zShape.Handle, z, biasShape.Handle, bias, relu.Handle, yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnConvolutionBiasActivationForward));
    }

    /// <summary>dx = alpha conv'(dy, w) + beta dx.</summary>
    public void ConvolveBackData(
        FilterDescriptor wShape, nint w, TensorDescriptor dyShape, nint dy, ConvolutionDescriptor convolution, int algorithm,
        nint workspace, long workspaceBytes, TensorDescriptor dxShape, nint dx, float alpha = 1, float beta = 0)
    {
        cudnnConvolutionBackwardData(
            Handle, &alpha, wShape.Handle, w, dyShape.Handle, dy, convolution.Handle, algorithm, workspace, (nuint)workspaceBytes, &beta,
            dxShape.Handle, dx).ThrowIfFailed();
        Stream.Check(nameof(cudnnConvolutionBackwardData));
    }

    /// <summary>dw = alpha (gradient of the filters) + beta dw.</summary>
    public void ConvolveBackFilter(
        TensorDescriptor xShape, nint x, TensorDescriptor dyShape, nint dy, ConvolutionDescriptor convolution, int algorithm,
        nint workspace, long workspaceBytes, FilterDescriptor dwShape, nint dw, float alpha = 1, float beta = 0)
    {
        cudnnConvolutionBackwardFilter(
            Handle, &alpha, xShape.Handle, x, dyShape.Handle, dy, convolution.Handle, algorithm, workspace, (nuint)workspaceBytes, &beta,
            dwShape.Handle, dw).ThrowIfFailed();
        Stream.Check(nameof(cudnnConvolutionBackwardFilter));
    }
}
