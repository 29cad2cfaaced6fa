using System.Runtime.InteropServices;

namespace Preimage.Native.Cuda;

/// <summary>Which algorithm a convolution takes, by heuristics or by timing, and the workspace it needs.</summary>
internal static unsafe partial class CuDnn
{
    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(
        nint handle, nint srcDesc, nint filterDesc, nint convDesc, nint destDesc, int requestedAlgoCount,
        int* returnedAlgoCount, cudnnConvolutionPerf* perfResults);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnFindConvolutionForwardAlgorithmEx(
        nint handle, nint xDesc, nint x, nint wDesc, nint w, nint convDesc, nint yDesc, nint y,
        int requestedAlgoCount, int* returnedAlgoCount, cudnnConvolutionPerf* perfResults, nint workSpace,
        nuint workSpaceSizeInBytes);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(
        nint handle, nint xDesc, nint wDesc, nint convDesc, nint yDesc, int algo, nuint* sizeInBytes);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(
        nint handle, nint filterDesc, nint diffDesc, nint convDesc, nint gradDesc, int requestedAlgoCount,
        int* returnedAlgoCount, cudnnConvolutionPerf* perfResults);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnFindConvolutionBackwardDataAlgorithmEx(
        nint handle, nint wDesc, nint w, nint dyDesc, nint dy, nint convDesc, nint dxDesc, nint dx,
        int requestedAlgoCount, int* returnedAlgoCount, cudnnConvolutionPerf* perfResults, nint workSpace,
        nuint workSpaceSizeInBytes);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(
        nint handle, nint wDesc, nint dyDesc, nint convDesc, nint dxDesc, int algo, nuint* sizeInBytes);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(
        nint handle, nint srcDesc, nint diffDesc, nint convDesc, nint gradDesc, int requestedAlgoCount,
        int* returnedAlgoCount, cudnnConvolutionPerf* perfResults);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnFindConvolutionBackwardFilterAlgorithmEx(
        nint handle, nint xDesc, nint x, nint dyDesc, nint y, nint convDesc, nint dwDesc, nint dw,
        int requestedAlgoCount, int* returnedAlgoCount, cudnnConvolutionPerf* perfResults, nint workSpace,
        nuint workSpaceSizeInBytes);

    [LibraryImport(Libraries.CuDnn)]
    public static partial cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(
        nint handle, nint xDesc, nint dyDesc, nint convDesc, nint gradDesc, int algo, nuint* sizeInBytes);
}
