using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Tensors and what is done to them element by element. Factors lie on the host, data on the device.</summary>
internal static unsafe partial class CuDnn
{
    public const int CUDNN_DATA_FLOAT = 0;
    public const int CUDNN_DATA_HALF = 2;
    public const int CUDNN_DATA_BFLOAT16 = 9;
    public const int CUDNN_TENSOR_NCHW = 0;
    public const int CUDNN_TENSOR_NHWC = 1;
    public const int CUDNN_NOT_PROPAGATE_NAN = 0;
    public const int CUDNN_PROPAGATE_NAN = 1;
    public const int CUDNN_OP_TENSOR_ADD = 0;
    public const int CUDNN_OP_TENSOR_MUL = 1;
    public const int CUDNN_OP_TENSOR_MIN = 2;
    public const int CUDNN_OP_TENSOR_MAX = 3;
    public const int CUDNN_REDUCE_TENSOR_ADD = 0;
    public const int CUDNN_REDUCE_TENSOR_MUL = 1;
    public const int CUDNN_REDUCE_TENSOR_MIN = 2;
    public const int CUDNN_REDUCE_TENSOR_MAX = 3;
    public const int CUDNN_REDUCE_TENSOR_AMAX = 4;
    public const int CUDNN_REDUCE_TENSOR_AVG = 5;
    public const int CUDNN_REDUCE_TENSOR_NORM1 = 6;
    public const int CUDNN_REDUCE_TENSOR_NORM2 = 7;
    public const int CUDNN_REDUCE_TENSOR_NO_INDICES = 0;
    public const int CUDNN_32BIT_INDICES = 0;

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateTensorDescriptor(nint* tensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetTensor4dDescriptor(
        nint tensorDesc, int format, int dataType, int n, int c, int h, int w);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetTensor4dDescriptorEx(
        nint tensorDesc, int dataType, int n, int c, int h, int w, int nStride, int cStride, int hStride,
        int wStride);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyTensorDescriptor(nint tensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateOpTensorDescriptor(nint* opTensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetOpTensorDescriptor(
        nint opTensorDesc, int opTensorOp, int opTensorCompType, int opTensorNanOpt);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyOpTensorDescriptor(nint opTensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnCreateReduceTensorDescriptor(nint* reduceTensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetReduceTensorDescriptor(
        nint reduceTensorDesc, int reduceTensorOp, int reduceTensorCompType, int reduceTensorNanOpt,
        int reduceTensorIndices, int reduceTensorIndicesType);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnDestroyReduceTensorDescriptor(nint reduceTensorDesc);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnOpTensor(
        nint handle, nint opTensorDesc, void* alpha1, nint aDesc, nint A, void* alpha2, nint bDesc, nint B,
        void* beta, nint cDesc, nint C);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnAddTensor(
        nint handle, void* alpha, nint aDesc, nint A, void* beta, nint cDesc, nint C);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetReductionWorkspaceSize(
        nint handle, nint reduceTensorDesc, nint aDesc, nint cDesc, nuint* sizeInBytes);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnReduceTensor(
        nint handle, nint reduceTensorDesc, nint indices, nuint indicesSizeInBytes, nint workspace,
        nuint workspaceSizeInBytes, void* alpha, nint aDesc, nint A, void* beta, nint cDesc, nint C);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnSetTensor(nint handle, nint yDesc, nint y, void* valuePtr);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnScaleTensor(nint handle, nint yDesc, nint y, void* alpha);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnTransformTensor(
        nint handle, void* alpha, nint xDesc, nint x, void* beta, nint yDesc, nint y);
}
