using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Pooling, activations, local response normalisation and softmax.</summary>
internal static unsafe partial class CuDnn
{
    public const int CUDNN_POOLING_MAX = 0;
    public const int CUDNN_POOLING_AVERAGE_COUNT_INCLUDE_PADDING = 1;
    public const int CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING = 2;
    public const int CUDNN_POOLING_MAX_DETERMINISTIC = 3;
    public const int CUDNN_ACTIVATION_SIGMOID = 0;
    public const int CUDNN_ACTIVATION_RELU = 1;
    public const int CUDNN_ACTIVATION_TANH = 2;
    public const int CUDNN_ACTIVATION_CLIPPED_RELU = 3;
    public const int CUDNN_ACTIVATION_ELU = 4;
    public const int CUDNN_ACTIVATION_IDENTITY = 5;
    public const int CUDNN_LRN_CROSS_CHANNEL_DIM1 = 0;
    public const int CUDNN_SOFTMAX_FAST = 0;
    public const int CUDNN_SOFTMAX_ACCURATE = 1;
    public const int CUDNN_SOFTMAX_LOG = 2;
    public const int CUDNN_SOFTMAX_MODE_INSTANCE = 0;
    public const int CUDNN_SOFTMAX_MODE_CHANNEL = 1;

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreatePoolingDescriptor(nint* poolingDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetPooling2dDescriptor(
        nint poolingDesc, int mode, int maxpoolingNanOpt, int windowHeight, int windowWidth, int verticalPadding,
        int horizontalPadding, int verticalStride, int horizontalStride);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyPoolingDescriptor(nint poolingDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetPooling2dForwardOutputDim(
        nint poolingDesc, nint inputTensorDesc, int* n, int* c, int* h, int* w);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnPoolingForward(
        nint handle, nint poolingDesc, void* alpha, nint xDesc, nint x, void* beta, nint yDesc, nint y);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnPoolingBackward(
        nint handle, nint poolingDesc, void* alpha, nint yDesc, nint y, nint dyDesc, nint dy, nint xDesc, nint x,
        void* beta, nint dxDesc, nint dx);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateActivationDescriptor(nint* activationDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetActivationDescriptor(
        nint activationDesc, int mode, int reluNanOpt, double coef);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyActivationDescriptor(nint activationDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnActivationForward(
        nint handle, nint activationDesc, void* alpha, nint xDesc, nint x, void* beta, nint yDesc, nint y);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnActivationBackward(
        nint handle, nint activationDesc, void* alpha, nint yDesc, nint y, nint dyDesc, nint dy, nint xDesc, nint x,
        void* beta, nint dxDesc, nint dx);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateLRNDescriptor(nint* normDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetLRNDescriptor(
        nint normDesc, uint lrnN, double lrnAlpha, double lrnBeta, double lrnK);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyLRNDescriptor(nint lrnDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnLRNCrossChannelForward(
        nint handle, nint normDesc, int lrnMode, void* alpha, nint xDesc, nint x, void* beta, nint yDesc, nint y);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnLRNCrossChannelBackward(
        nint handle, nint normDesc, int lrnMode, void* alpha, nint yDesc, nint y, nint dyDesc, nint dy, nint xDesc,
        nint x, void* beta, nint dxDesc, nint dx);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSoftmaxForward(
        nint handle, int algo, int mode, void* alpha, nint xDesc, nint x, void* beta, nint yDesc, nint y);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSoftmaxBackward(
        nint handle, int algo, int mode, void* alpha, nint yDesc, nint y, nint dyDesc, nint dy, void* beta,
        nint dxDesc, nint dx);
}
