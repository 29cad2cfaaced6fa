using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>
/// Algorithms of convolutions, best first. Those by heuristics touch no data and may depend on the memory that is free; those
/// by timing run on real data, overwrite the result, allocate, and are not to be captured. All enter the context themselves.
/// </summary>
internal sealed unsafe partial class DnnHandle
{
    // As many as the longest of the three lists has, and their variants by arithmetic.
    const int MostChoices = 2 * CUDNN_CONVOLUTION_FWD_ALGO_COUNT;

    /// <summary>For the forward pass, by heuristics.</summary>
    public List<ConvolutionChoice> ForwardChoices(TensorDescriptor x, FilterDescriptor w, ConvolutionDescriptor convolution, TensorDescriptor y)
    {
        using var current = Context.MakeCurrent();
        var offered = stackalloc cudnnConvolutionPerf[MostChoices];
        int count;
        cudnnGetConvolutionForwardAlgorithm_v7(Handle, x.Handle, w.Handle, convolution.Handle, y.Handle, MostChoices, &count, offered).ThrowIfFailed();
        return ConvolutionChoice.Of(new(offered, count));
    }

    /// <summary>For the gradient of the input, by heuristics.</summary>
    public List<ConvolutionChoice> BackDataChoices(FilterDescriptor w, TensorDescriptor dy, ConvolutionDescriptor convolution, TensorDescriptor dx)
    {
        using var current = Context.MakeCurrent();
        var offered = stackalloc cudnnConvolutionPerf[MostChoices];
        int count;
        cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle, w.Handle, dy.Handle, convolution.Handle, dx.Handle, MostChoices, &count, offered).ThrowIfFailed();
        return ConvolutionChoice.Of(new(offered, count));
    }

    /// <summary>For the gradient of the filters, by heuristics.</summary>
    public List<ConvolutionChoice> BackFilterChoices(TensorDescriptor x, TensorDescriptor dy, ConvolutionDescriptor convolution, FilterDescriptor dw)
    {
        using var current = Context.MakeCurrent();
        var offered = stackalloc cudnnConvolutionPerf[MostChoices];
        int count;
        cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle, x.Handle, dy.Handle, convolution.Handle, dw.Handle, MostChoices, &count, offered).ThrowIfFailed();
        return ConvolutionChoice.Of(new(offered, count));
    }

    /// <summary>For the forward pass, by timing.</summary>
    public List<ConvolutionChoice> TimeForward(
        TensorDescriptor xShape, nint x, FilterDescriptor wShape, nint w, ConvolutionDescriptor convolution, TensorDescriptor yShape, nint y,
        nint workspace, long workspaceBytes)
    {
        using var current = Context.MakeCurrent();
        var offered = stackalloc cudnnConvolutionPerf[MostChoices];
        int count;
        cudnnFindConvolutionForwardAlgorithmEx(
            Handle, xShape.Handle, x, wShape.Handle, w, convolution.Handle, yShape.Handle, y, MostChoices, &count, offered,
            workspace, (nuint)workspaceBytes).ThrowIfFailed();
        return ConvolutionChoice.Of(new(offered, count));
    }

    /// <summary>For the gradient of the input, by timing.</summary>
    public List<ConvolutionChoice> TimeBackData(
        FilterDescriptor wShape, nint w, TensorDescriptor dyShape, nint dy, ConvolutionDescriptor convolution, TensorDescriptor dxShape, nint dx,
        nint workspace, long workspaceBytes)
    {
        using var current = Context.MakeCurrent();
        var offered = stackalloc cudnnConvolutionPerf[MostChoices];
        int count;
        cudnnFindConvolutionBackwardDataAlgorithmEx(
            Handle, wShape.Handle, w, dyShape.Handle, dy, convolution.Handle, dxShape.Handle, dx, MostChoices, &count, offered,
            workspace, (nuint)workspaceBytes).ThrowIfFailed();
        return ConvolutionChoice.Of(new(offered, count));
    }

    /// <summary>For the gradient of the filters, by timing.</summary>
    public List<ConvolutionChoice> TimeBackFilter(
        TensorDescriptor xShape, nint x, TensorDescriptor dyShape, nint dy, ConvolutionDescriptor convolution, FilterDescriptor dwShape, nint dw,
        nint workspace, long workspaceBytes)
    {
        using var current = Context.MakeCurrent();
        var offered = stackalloc cudnnConvolutionPerf[MostChoices];
        int count;
        cudnnFindConvolutionBackwardFilterAlgorithmEx(
            Handle, xShape.Handle, x, dyShape.Handle, dy, convolution.Handle, dwShape.Handle, dw, MostChoices, &count, offered,
            workspace, (nuint)workspaceBytes).ThrowIfFailed();
        return ConvolutionChoice.Of(new(offered, count));
    }

    /// <summary>Bytes of workspace that an algorithm of the forward pass needs.</summary>
    public long ForwardWorkspace(TensorDescriptor x, FilterDescriptor w, ConvolutionDescriptor convolution, TensorDescriptor y, int algorithm)
    {
        using var current = Context.MakeCurrent();
        nuint bytes;
        cudnnGetConvolutionForwardWorkspaceSize(Handle, x.Handle, w.Handle, convolution.Handle, y.Handle, algorithm, &bytes).ThrowIfFailed();
        return ConvolutionChoice.Bytes(bytes);
    }

    /// <summary>Bytes of workspace that an algorithm for the gradient of the input needs.</summary>
    public long BackDataWorkspace(FilterDescriptor w, TensorDescriptor dy, ConvolutionDescriptor convolution, TensorDescriptor dx, int algorithm)
    {
        using var current = Context.MakeCurrent();
        nuint bytes;
        cudnnGetConvolutionBackwardDataWorkspaceSize(Handle, w.Handle, dy.Handle, convolution.Handle, dx.Handle, algorithm, &bytes).ThrowIfFailed();
        return ConvolutionChoice.Bytes(bytes);
    }

    /// <summary>Bytes of workspace that an algorithm for the gradient of the filters needs.</summary>
    public long BackFilterWorkspace(TensorDescriptor x, TensorDescriptor dy, ConvolutionDescriptor convolution, FilterDescriptor dw, int algorithm)
    {
        using var current = Context.MakeCurrent();
        nuint bytes;
        cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle, x.Handle, dy.Handle, convolution.Handle, dw.Handle, algorithm, &bytes).ThrowIfFailed();
        return ConvolutionChoice.Bytes(bytes);
    }
}
