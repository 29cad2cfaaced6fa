using Preimage.Cpu;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Which of the three computations of a convolution.</summary>
internal enum ConvolutionPassKind
{
    /// <summary>The output.</summary>
    Forward,

    /// <summary>The signal of the input.</summary>
    Data,

    /// <summary>The gradient of the filters.</summary>
    Filter,
}

/// <summary>One computation of a convolution made ready for a number of rows: descriptors and algorithm.</summary>
internal sealed class ConvolutionPass : IDisposable
{
    readonly TensorDescriptor _x, _y;
    readonly FilterDescriptor _w;
    readonly ConvolutionDescriptor _convolution;
    readonly ConvolutionChoice _choice;

    /// <exception cref="PreimageException">cuDNN has no algorithm for it that the precision allows.</exception>
    public ConvolutionPass(ConvolutionAlgorithms algorithms, in ConvolutionGeometry g, ConvolutionPlanes planes, int rows, ConvolutionPassKind kind)
    {
        (Rows, Kind) = (rows, kind);
        try
        {
            _x = new TensorDescriptor(rows, g.C, planes.H, planes.W);
            _y = new TensorDescriptor(rows, g.K, g.OutH, g.OutW);
            _w = new FilterDescriptor(g.K, g.C / g.Groups, g.R, g.S);
            _convolution = new ConvolutionDescriptor(planes.PadH, planes.PadW, g.StrideY, g.StrideX, g.DilationY, g.DilationX, g.Groups, algorithms.Math);
            _choice = algorithms.Choose(g, planes, rows, kind, _x, _w, _convolution, _y);
            _convolution.Math = _choice.Math;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Rows { get; }

    public ConvolutionPassKind Kind { get; }

    /// <summary>cuDNN's number for the algorithm.</summary>
    public int Algorithm => _choice.Algorithm;

    /// <summary>Bytes of workspace, rounded up so that what follows is aligned.</summary>
    public long WorkspaceBytes => CudaBackend.RoundUp(_choice.WorkspaceBytes);

    public TensorDescriptor Output => _y;

    public void Forward(CudaQueue queue, nint x, nint w, nint y, nint workspace) =>
        queue.Dnn.Convolve(_x, x, _w, w, _convolution, Algorithm, workspace, _choice.WorkspaceBytes, _y, y);

    /// <summary>y = max(conv(x, w) + addend + bias, 0); without an addend its address is 0.</summary>
    public void ForwardRectified(CudaQueue queue, nint x, nint w, nint y, nint workspace, TensorDescriptor biasShape, nint bias, nint addend, ActivationDescriptor relu) =>
        queue.Dnn.ConvolveBiasActivate(_x, x, _w, w, _convolution, Algorithm, workspace, _choice.WorkspaceBytes, _y, addend != 0 ? addend : y, addend != 0 ? 1 : 0,
            biasShape, bias, relu, _y, y);

    public void BackData(CudaQueue queue, nint w, nint dy, nint dx, nint workspace) =>
        queue.Dnn.ConvolveBackData(_w, w, _y, dy, _convolution, Algorithm, workspace, _choice.WorkspaceBytes, _x, dx);

    public void BackFilter(CudaQueue queue, nint x, nint dy, nint dw, nint workspace) =>
        queue.Dnn.ConvolveBackFilter(_x, x, _y, dy, _convolution, Algorithm, workspace, _choice.WorkspaceBytes, _w, dw);

    public void Dispose()
    {
        _x?.Dispose();
        _y?.Dispose();
        _w?.Dispose();
        _convolution?.Dispose();
    }
}
