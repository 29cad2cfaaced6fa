using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Convolutions: descriptors, forward, gradients of data and filters.</summary>
internal static unsafe partial class CuDnn
{
    public const int CUDNN_CROSS_CORRELATION = 1;
    public const int CUDNN_DEFAULT_MATH = 0;
    public const int CUDNN_TENSOR_OP_MATH = 1;
    public const int CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION = 2;
    public const int CUDNN_FMA_MATH = 3;
    public const int CUDNN_NON_DETERMINISTIC = 0;
    public const int CUDNN_DETERMINISTIC = 1;
    public const int CUDNN_CONVOLUTION_FWD_ALGO_COUNT = 8;

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateFilterDescriptor(nint* filterDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetFilter4dDescriptor(
        nint filterDesc, int dataType, int format, int k, int c, int h, int w);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyFilterDescriptor(nint filterDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateConvolutionDescriptor(nint* convDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetConvolution2dDescriptor(
        nint convDesc, int pad_h, int pad_w, int u, int v, int dilation_h, int dilation_w, int mode, int computeType);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetConvolutionMathType(nint convDesc, int mathType);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetConvolutionGroupCount(nint convDesc, int groupCount);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyConvolutionDescriptor(nint convDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnConvolutionForward(
        nint handle, void* alpha, nint xDesc, nint x, nint wDesc, nint w, nint convDesc, int algo, nint workSpace,
        nuint workSpaceSizeInBytes, void* beta, nint yDesc, nint y);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnConvolutionBiasActivationForward(
        nint handle, void* alpha1, nint xDesc, nint x, nint wDesc, nint w, nint convDesc, int algo, nint workSpace,
        nuint workSpaceSizeInBytes, void* alpha2, nint zDesc, nint z, nint biasDesc, nint bias, nint activationDesc,
        nint yDesc, nint y);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnConvolutionBackwardData(
        nint handle, void* alpha, nint wDesc, nint w, nint dyDesc, nint dy, nint convDesc, int algo, nint workSpace,
        nuint workSpaceSizeInBytes, void* beta, nint dxDesc, nint dx);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnConvolutionBackwardFilter(
        nint handle, void* alpha, nint xDesc, nint x, nint dyDesc, nint dy, nint convDesc, int algo, nint workSpace,
        nuint workSpaceSizeInBytes, void* beta, nint dwDesc, nint dw);
}
