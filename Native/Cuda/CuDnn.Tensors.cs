using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>How tensors lie in memory, and the function that may follow a convolution.</summary>
internal static unsafe partial class CuDnn
{
    public const int CUDNN_DATA_FLOAT = 0;
    public const int CUDNN_TENSOR_NCHW = 0;
    public const int CUDNN_PROPAGATE_NAN = 1;
    public const int CUDNN_ACTIVATION_RELU = 1;

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateTensorDescriptor(nint* tensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetTensor4dDescriptor(
        nint tensorDesc, int format, int dataType, int n, int c, int h, int w);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyTensorDescriptor(nint tensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateActivationDescriptor(nint* activationDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetActivationDescriptor(
        nint activationDesc, int mode, int reluNanOpt, double coef);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyActivationDescriptor(nint activationDesc);
}
