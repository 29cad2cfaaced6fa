using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>Pooling, activations, local response normalisation and softmax: result = alpha f(...) + beta result.</summary>
internal sealed unsafe partial class DnnHandle
{
    /// <summary>Pools x into y.</summary>
    public void Pool(PoolingDescriptor pooling, TensorDescriptor xShape, nint x, TensorDescriptor yShape, nint y, float alpha = 1, float beta = 0)
    {
        cudnnPoolingForward(Handle, pooling.Handle, &alpha, xShape.Handle, x, &beta, yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnPoolingForward));
    }

    /// <summary>Gradient of pooling. It finds the maxima again; which of equal ones gets the gradient is not documented.</summary>
    public void PoolBack(
        PoolingDescriptor pooling, TensorDescriptor yShape, nint y, TensorDescriptor dyShape, nint dy, TensorDescriptor xShape, nint x,
        TensorDescriptor dxShape, nint dx, float alpha = 1, float beta = 0)
    {
        cudnnPoolingBackward(
            Handle, pooling.Handle, &alpha, yShape.Handle, y, dyShape.Handle, dy, xShape.Handle, x, &beta, dxShape.Handle, dx).ThrowIfFailed();
        Stream.Check(nameof(cudnnPoolingBackward));
    }

    /// <summary>Applies a function to every value; y may be x.</summary>
    public void Activate(ActivationDescriptor activation, TensorDescriptor xShape, nint x, TensorDescriptor yShape, nint y, float alpha = 1, float beta = 0)
    {
        cudnnActivationForward(Handle, activation.Handle, &alpha, xShape.Handle, x, &beta, yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnActivationForward));
    }

    /// <summary>Gradient of an activation; dx may be dy.</summary>
    public void ActivateBack(
        ActivationDescriptor activation, TensorDescriptor yShape, nint y, TensorDescriptor dyShape, nint dy, TensorDescriptor xShape, nint x,
        TensorDescriptor dxShape, nint dx, float alpha = 1, float beta = 0)
    {
        cudnnActivationBackward(
            Handle, activation.Handle, &alpha, yShape.Handle, y, dyShape.Handle, dy, xShape.Handle, x, &beta, dxShape.Handle, dx).ThrowIfFailed();
        Stream.Check(nameof(cudnnActivationBackward));
    }

    /// <summary>Normalises across channels.</summary>
    public void Normalise(LrnDescriptor lrn, TensorDescriptor xShape, nint x, TensorDescriptor yShape, nint y, float alpha = 1, float beta = 0)
    {
        cudnnLRNCrossChannelForward(Handle, lrn.Handle, CUDNN_LRN_CROSS_CHANNEL_DIM1, &alpha, xShape.Handle, x, &beta, yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnLRNCrossChannelForward));
    }

    /// <summary>Gradient of normalising across channels.</summary>
    public void NormaliseBack(
        LrnDescriptor lrn, TensorDescriptor yShape, nint y, TensorDescriptor dyShape, nint dy, TensorDescriptor xShape, nint x,
        TensorDescriptor dxShape, nint dx, float alpha = 1, float beta = 0)
    {
        cudnnLRNCrossChannelBackward(
            Handle, lrn.Handle, CUDNN_LRN_CROSS_CHANNEL_DIM1, &alpha, yShape.Handle, y, dyShape.Handle, dy, xShape.Handle, x, &beta,
            dxShape.Handle, dx).ThrowIfFailed();
        Stream.Check(nameof(cudnnLRNCrossChannelBackward));
    }

    /// <summary>Softmax of x.</summary>
    public void Softmax(
        SoftmaxAlgorithm algorithm, SoftmaxMode mode, TensorDescriptor xShape, nint x, TensorDescriptor yShape, nint y, float alpha = 1, float beta = 0)
    {
        cudnnSoftmaxForward(Handle, (int)algorithm, (int)mode, &alpha, xShape.Handle, x, &beta, yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnSoftmaxForward));
    }

    /// <summary>Gradient of softmax, from its output.</summary>
    public void SoftmaxBack(
        SoftmaxAlgorithm algorithm, SoftmaxMode mode, TensorDescriptor yShape, nint y, TensorDescriptor dyShape, nint dy,
        TensorDescriptor dxShape, nint dx, float alpha = 1, float beta = 0)
    {
        cudnnSoftmaxBackward(
            Handle, (int)algorithm, (int)mode, &alpha, yShape.Handle, y, dyShape.Handle, dy, &beta, dxShape.Handle, dx).ThrowIfFailed();
        Stream.Check(nameof(cudnnSoftmaxBackward));
    }
}
