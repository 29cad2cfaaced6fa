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

/// <summary>One computation of a convolution over a number of rows as cuDNN is told of it: the descriptors, what is asked about them, and the call that runs.</summary>
internal sealed class ConvolutionProblem : IDisposable
{
    readonly TensorDescriptor _x, _y;
    readonly FilterDescriptor _w;
    readonly ConvolutionDescriptor _convolution;

    /// <param name="g">The convolution.</param>
    /// <param name="planes">The planes as cuDNN sees them.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="kind">The computation.</param>
    /// <param name="math">The arithmetic that algorithms are asked for in.</param>
    public ConvolutionProblem(in ConvolutionGeometry g, ConvolutionPlanes planes, int rows, ConvolutionPassKind kind, ConvolutionMath math)
    {
        (Geometry, Rows, Kind) = (g, rows, kind);
        InputCount = (long)rows * g.C * planes.H * planes.W;
        FilterCount = (long)g.K * (g.C / g.Groups) * g.R * g.S;
        OutputCount = (long)rows * g.K * g.OutH * g.OutW;
        try
        {
            _x = new TensorDescriptor(rows, g.C, planes.H, planes.W);
            _y = new TensorDescriptor(rows, g.K, g.OutH, g.OutW);
            _w = new FilterDescriptor(g.K, g.C / g.Groups, g.R, g.S);
            _convolution = new ConvolutionDescriptor(planes.PadH, planes.PadW, g.StrideY, g.StrideX, g.DilationY, g.DilationX, g.Groups, math);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ConvolutionGeometry Geometry { get; }

    public int Rows { get; }

    public ConvolutionPassKind Kind { get; }

    /// <summary>Elements of what the convolution reads, as cuDNN sees it.</summary>
    public long InputCount { get; }

    /// <summary>Elements of the filters.</summary>
    public long FilterCount { get; }

    /// <summary>Elements of what the convolution writes.</summary>
    public long OutputCount { get; }

    /// <summary>The arithmetic that it is asked about and runs in.</summary>
    public ConvolutionMath Math
    {
        get => _convolution.Math;
        set => _convolution.Math = value;
    }

    /// <summary>What cuDNN's heuristics offer, best first.</summary>
    public List<ConvolutionChoice> Offered(DnnHandle dnn) => Kind switch
    {
        ConvolutionPassKind.Forward => dnn.ForwardChoices(_x, _w, _convolution, _y),
        ConvolutionPassKind.Data => dnn.BackDataChoices(_w, _y, _convolution, _x),
        _ => dnn.BackFilterChoices(_x, _y, _convolution, _w),
    };

    /// <summary>What cuDNN has, by its time on these arrays, of which it overwrites the result.</summary>
    public List<ConvolutionChoice> Timed(DnnHandle dnn, nint x, nint w, nint y, nint workspace, long bytes) => Kind switch
    {
        ConvolutionPassKind.Forward => dnn.TimeForward(_x, x, _w, w, _convolution, _y, y, workspace, bytes),
        ConvolutionPassKind.Data => dnn.TimeBackData(_w, w, _y, y, _convolution, _x, x, workspace, bytes),
        _ => dnn.TimeBackFilter(_x, x, _y, y, _convolution, _w, w, workspace, bytes),
    };

    /// <summary>Bytes of workspace that an algorithm needs in this arithmetic.</summary>
    public long Workspace(DnnHandle dnn, int algorithm) => Kind switch
    {
        ConvolutionPassKind.Forward => dnn.ForwardWorkspace(_x, _w, _convolution, _y, algorithm),
        ConvolutionPassKind.Data => dnn.BackDataWorkspace(_w, _y, _convolution, _x, algorithm),
        _ => dnn.BackFilterWorkspace(_x, _y, _convolution, _w, algorithm),
    };

    /// <summary>Computes one of the three arrays from the other two.</summary>
    public void Run(DnnHandle dnn, int algorithm, nint x, nint w, nint y, nint workspace, long bytes)
    {
        switch (Kind)
        {
            case ConvolutionPassKind.Forward:
                dnn.Convolve(_x, x, _w, w, _convolution, algorithm, workspace, bytes, _y, y);
                break;
            case ConvolutionPassKind.Data:
                dnn.ConvolveBackData(_w, w, _y, y, _convolution, algorithm, workspace, bytes, _x, x);
                break;
            default:
                dnn.ConvolveBackFilter(_x, x, _y, y, _convolution, algorithm, workspace, bytes, _w, w);
                break;
        }
    }

    /// <summary>y = max(conv(x, w) + addend + bias, 0) in one call; without an addend its address is 0.</summary>
    public void RunRectified(DnnHandle dnn, int algorithm, nint x, nint w, nint y, nint workspace, long bytes, TensorDescriptor biasShape, nint bias, nint addend,
        ReluDescriptor relu) =>
        dnn.ConvolveBiasActivate(_x, x, _w, w, _convolution, algorithm, workspace, bytes, _y, addend != 0 ? addend : y, addend != 0 ? 1 : 0, biasShape, bias, relu, _y, y);

    public void Dispose()
    {
        _x?.Dispose();
        _y?.Dispose();
        _w?.Dispose();
        _convolution?.Dispose();
    }
}
