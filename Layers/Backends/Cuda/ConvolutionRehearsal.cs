using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A computation of a convolution run before it counts, in memory of its own that is given back at once: to time algorithms, and to see whether one runs at all.</summary>
/// <remarks>
/// That heuristics offer an algorithm does not mean that it runs: limits of its kernels, memory it takes or a missing run-time compiler show only then, and in the middle of a
/// pass it would be too late for another. A rehearsal also has modules loaded that would otherwise be loaded while a stream is captured.
/// </remarks>
internal sealed class ConvolutionRehearsal(CudaStream stream, DnnHandle dnn, ConvolutionProblem problem) : IDisposable
{
    /// <summary>Ordinary numbers: zeros draw less power, and a clock that may rise for them would flatter.</summary>
    const float Ordinary = 0.71f;

    DeviceMemory? _x, _w, _y, _workspace;
    bool _isBusy;

    /// <summary>Bytes of its arrays, without workspace.</summary>
    public long Bytes => (problem.InputCount + problem.FilterCount + problem.OutputCount) * sizeof(float);

    /// <summary>Algorithms by their time, the fastest first.</summary>
    /// <param name="workspaceBytes">Bytes of workspace to grant.</param>
    public List<ConvolutionChoice> Times(long workspaceBytes)
    {
        Allocate();
        nint scratch = Workspace(workspaceBytes);
        _isBusy = true;
        return problem.Timed(dnn, _x!.Handle, _w!.Handle, _y!.Handle, scratch, workspaceBytes);
    }

    /// <summary>Runs an algorithm.</summary>
    /// <returns>The same, with whether cuDNN's rectifying call may be used.</returns>
    /// <exception cref="CudaException">It does not run, or there is no memory for it.</exception>
    public ConvolutionDecision Run(in ConvolutionDecision decision)
    {
        Allocate();
        nint scratch = Workspace(decision.WorkspaceBytes);
        _isBusy = true;
        problem.Run(dnn, decision.Algorithm, _x!.Handle, _w!.Handle, _y!.Handle, scratch, decision.WorkspaceBytes);
        Wait();
        return decision with { Rectifies = problem.Kind == ConvolutionPassKind.Forward && Rectifies(decision, scratch) };
    }

    /// <summary>Whether the call that adds a bias and rectifies takes the algorithm too, keeps what is not a number, as our kernels do, and without an addend does not read
    /// what lies where the result goes.</summary>
    bool Rectifies(in ConvolutionDecision decision, nint scratch)
    {
        int channels = problem.Geometry.K;
        using var relu = new ReluDescriptor();
        using var shape = new TensorDescriptor(1, channels, 1, 1);
        using var bias = new DeviceMemory(stream.Context, (long)channels * sizeof(float));
        try
        {
            return float.IsNaN(First(decision, scratch, shape, bias.Handle, float.NaN, before: 0, addend: 0, relu))
                && First(decision, scratch, shape, bias.Handle, Ordinary, before: float.NaN, addend: 0, relu) is > 0
                && First(decision, scratch, shape, bias.Handle, Ordinary, before: Ordinary, addend: _y!.Handle, relu) is > 0;
        }
        catch (CudaException e) when (IsRefusal(e))
        {
            // What was queued before still writes.
            Wait();
            return false;
        }
    }

    /// <summary>The first number that the rectifying call gives over a result that had other numbers before.</summary>
    float First(in ConvolutionDecision decision, nint scratch, TensorDescriptor shape, nint bias, float summand, float before, nint addend, ReluDescriptor relu)
    {
        _isBusy = true;
        stream.Fill(bias, summand, problem.Geometry.K);
        stream.Fill(_y!.Handle, before, problem.OutputCount);
        problem.RunRectified(dnn, decision.Algorithm, _x!.Handle, _w!.Handle, _y.Handle, scratch, decision.WorkspaceBytes, shape, bias, addend, relu);
        Span<float> first = stackalloc float[1];
        stream.Download(first, _y.Handle);
        _isBusy = false;
        return first[0];
    }

    /// <summary>Whether cuDNN refused, and the context still works: another algorithm may do.</summary>
    public static bool IsRefusal(CudaException e) => !e.IsSticky && e.Name.StartsWith("CUDNN_", StringComparison.Ordinal);

    /// <summary>Gives memory back once nothing works in it any more: freeing it need not wait.</summary>
    public void Dispose()
    {
        try
        {
            Wait();
        }
        catch (CudaException)
        {
            // Whatever broke it is on its way to the caller.
        }

        _workspace?.Dispose();
        _x?.Dispose();
        _w?.Dispose();
        _y?.Dispose();
    }

    /// <summary>Workspace of so many bytes in place of the last algorithm's; 0 for none.</summary>
    nint Workspace(long bytes)
    {
        Wait();
        _workspace?.Dispose();
        _workspace = null;
        if (bytes > 0)
            _workspace = new DeviceMemory(stream.Context, bytes);
        return _workspace?.Handle ?? 0;
    }

    void Wait()
    {
        if (_isBusy)
            stream.Synchronize();
        _isBusy = false;
    }

    void Allocate()
    {
        _isBusy = true;
        _x ??= Filled(problem.InputCount);
        _w ??= Filled(problem.FilterCount);
        _y ??= Filled(problem.OutputCount);
    }

    DeviceMemory Filled(long count)
    {
        var memory = new DeviceMemory(stream.Context, count * sizeof(float));
        try
        {
            stream.Fill(memory.Handle, Ordinary, count);
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        return memory;
    }
}
