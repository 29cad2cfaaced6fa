using Preimage.Cpu;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>How a computation of a convolution runs.</summary>
/// <param name="Algorithm">cuDNN's number for the algorithm.</param>
/// <param name="WorkspaceBytes">The workspace it takes.</param>
/// <param name="Math">The arithmetic.</param>
/// <param name="Rectifies">Whether cuDNN's call that adds a bias and rectifies too does as our kernels do.</param>
internal readonly record struct ConvolutionDecision(int Algorithm, long WorkspaceBytes, ConvolutionMath Math, bool Rectifies);

/// <summary>One computation of a convolution made ready for a number of rows.</summary>
internal sealed class ConvolutionPass : IDisposable
{
    readonly ConvolutionProblem _problem;
    readonly ConvolutionDecision _decision;

    /// <exception cref="PreimageException">cuDNN has no algorithm for it that the precision allows.</exception>
    public ConvolutionPass(ConvolutionAlgorithms algorithms, in ConvolutionGeometry g, ConvolutionPlanes planes, int rows, ConvolutionPassKind kind)
    {
        _problem = new ConvolutionProblem(g, planes, rows, kind, algorithms.Math);
        try
        {
            _decision = algorithms.Choose(_problem);
            _problem.Math = _decision.Math;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Rows => _problem.Rows;

    public ConvolutionPassKind Kind => _problem.Kind;

    /// <summary>cuDNN's number for the algorithm.</summary>
    public int Algorithm => _decision.Algorithm;

    /// <summary>Whether <see cref="RunRectified"/> may be used.</summary>
    public bool Rectifies => _decision.Rectifies;

    /// <summary>Bytes of workspace, rounded up so that what follows is aligned.</summary>
    public long WorkspaceBytes => CudaBackend.RoundUp(_decision.WorkspaceBytes);

    /// <summary>Computes one of the three arrays from the other two.</summary>
    public void Run(CudaQueue queue, nint x, nint w, nint y, nint workspace) => _problem.Run(queue.Dnn, Algorithm, x, w, y, workspace, _decision.WorkspaceBytes);

    /// <summary>y = max(conv(x, w) + addend + bias, 0); without an addend its address is 0.</summary>
    public void RunRectified(CudaQueue queue, nint x, nint w, nint y, nint workspace, TensorDescriptor biasShape, nint bias, nint addend, ReluDescriptor relu) =>
        _problem.RunRectified(queue.Dnn, Algorithm, x, w, y, workspace, _decision.WorkspaceBytes, biasShape, bias, addend, relu);

    public void Dispose() => _problem.Dispose();
}
