using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>A capture under way. Disposed before it is finished, it is dropped and the stream works as before.</summary>
internal unsafe ref struct StreamCapture
{
    [ThreadStatic]
    static int s_underWay;

    readonly CudaStream _stream;
    CurrentContext _current;
    bool _open, _spoilt;

    internal StreamCapture(CudaStream stream)
    {
        _stream = stream;
        _current = stream.Context.MakeCurrent();
        // Of this thread only: another thread's allocation must not spoil it.
        CUresult status = cuStreamBeginCapture_v2(stream.Handle, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
        _open = status == CUresult.CUDA_SUCCESS;
        if (_open) s_underWay++;
        else _current.Dispose();
        status.ThrowIfFailed(nameof(cuStreamBeginCapture_v2));
    }

    /// <summary>Whether the calling thread is capturing: what it calls does not run.</summary>
    internal static bool IsUnderWay => s_underWay > 0;

    /// <summary>Ends the capture after an error and says whether it was spoilt, rather than something wrong in it.</summary>
    public bool DropIfSpoilt()
    {
        if (_open && End(out _) is var graph and not 0) _ = cuGraphDestroy(graph);
        return _spoilt;
    }

    /// <summary>Ends the capture and makes what was captured ready to launch.</summary>
    /// <exception cref="CudaException">Something in it cannot be captured.</exception>
    public CudaGraph Finish()
    {
        nint graph = End(out CUresult status);
        try
        {
            status.ThrowIfFailed(nameof(cuStreamEndCapture));
            return new CudaGraph(_stream.Context, graph);
        }
        finally
        {
            if (graph != 0) cuGraphDestroy(graph);
        }
    }

    /// <summary>
    /// Ends the capture and puts what was captured into a graph of the same shape in place of what it had, which is
    /// cheaper than a new one. False where the shapes differ: the graph is as it was.
    /// </summary>
    public bool FinishInto(CudaGraph existing)
    {
        nint graph = End(out CUresult status);
        try
        {
            status.ThrowIfFailed(nameof(cuStreamEndCapture));
            CUgraphExecUpdateResultInfo result;
            status = cuGraphExecUpdate_v2(existing.Handle, graph, &result);
            if (status == CUresult.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE) return false;
            status.ThrowIfFailed(nameof(cuGraphExecUpdate_v2));
            return true;
        }
        finally
        {
            if (graph != 0) cuGraphDestroy(graph);
        }
    }

    /// <summary>Drops the capture if it was not finished.</summary>
    public void Dispose()
    {
        // On the way out of an error, which says more than the capture's status.
        DropIfSpoilt();
        _current.Dispose();
    }

    nint End(out CUresult status)
    {
        if (!_open) throw new InvalidOperationException("The capture has been finished already.");
        _open = false;
        nint graph = 0;
        s_underWay--;
        status = cuStreamEndCapture(_stream.Handle, &graph);
        _spoilt = status.IsOfCapture();
        // Spoilt, the driver has destroyed it itself.
        return status == CUresult.CUDA_SUCCESS ? graph : 0;
    }
}
