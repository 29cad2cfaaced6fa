using System.Runtime.InteropServices;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A stream with what works in its order: our kernels, cuBLAS, cuDNN, and pinned memory through which host data goes.</summary>
/// <remarks>Passes are captured when they run for the second time and replayed from then on: by the first run, all that is made on first use is there.</remarks>
internal sealed class CudaQueue : WorkQueue
{
    /// <summary>How often a capture may be spoilt, as by another thread that waits for the whole context, before work is run call by call for good.</summary>
    const int MostRefusals = 3;

    readonly IdleHandles _idle;
    readonly StreamHandles _handles;
    readonly PinnedTransfer _transfer;

    /// <param name="idle">Where its handles come from and go to.</param>
    /// <param name="kernels">Our kernels.</param>
    public CudaQueue(IdleHandles idle, KernelLibrary kernels)
    {
        (_idle, Kernels) = (idle, kernels);
        _handles = idle.Take();
        try
        {
            _transfer = new PinnedTransfer(Stream);
        }
        catch
        {
            idle.GiveBack(_handles);
            throw;
        }
    }

    public KernelLibrary Kernels { get; }

    public override CudaStream Stream => _handles.Stream;

    public BlasHandle Blas => _handles.Blas;

    public DnnHandle Dnn => _handles.Dnn;

    /// <summary>Whether it was disposed, and so drained.</summary>
    public bool IsDisposed { get; private set; }

    public override void Copy(nint from, nint to, long bytes) => Stream.Copy(to, from, bytes);

    public override void CopyIn(nint planar, Activation destination) => Copy(planar, destination.Address, destination.Shape.Bytes);

    public override void CopyOut(Activation source, nint planar) => Copy(source.Address, planar, source.Shape.Bytes);

    public override void Upload(ReadOnlySpan<float> source, Activation destination) =>
        _transfer.Upload(MemoryMarshal.AsBytes(source[..destination.Shape.Count]), destination.Address);

    public override void Download(Activation source, Span<float> destination) =>
        _transfer.Download(source.Address, MemoryMarshal.AsBytes(destination[..source.Shape.Count]));

    public override void Upload(ReadOnlySpan<byte> source, nint destination) => _transfer.Upload(source, destination);

    public override void Download(nint source, Span<byte> destination) => _transfer.Download(source, destination);

    public override void Accumulate(Activation into, Activation from) => ElementwiseKernels.Axpy(
        Kernels, Stream, LaunchShape.OverFours(into.Shape.Count), from.Address, into.Address, 1, into.Shape.Count);

    public override CurrentDevice Enter() => new(Stream.Context.MakeCurrent());

    public override void Run(RepeatedWork work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (work.Recording is CudaGraph graph)
        {
            graph.Launch(Stream);
            return;
        }

        if (!work.MayRecord || !work.HasRun || work.Refusals >= MostRefusals || Stream.Synchronise)
        {
            work.Body(cancellation);
            work.HasRun = true;
            return;
        }

        if (Record(work) is { } recorded)
        {
            work.Recording = recorded;
            recorded.Launch(Stream);
            return;
        }

        work.Refusals++;
        work.Body(cancellation);
    }

    public override StepTimer CreateTimer(int steps) => new EventTimer(Stream, steps);

    public override void Synchronise() => Stream.Synchronize();

    public override void Drain()
    {
        try
        {
            Stream.Synchronize();
        }
        catch (CudaException)
        {
            // Disposing does not throw; a broken context breaks the next call that matters.
        }
    }

    /// <summary>Captures work, which is not run by that; null where the capture was spoilt.</summary>
    CudaGraph? Record(RepeatedWork work)
    {
        StreamCapture capture = CudaGraph.Capture(Stream);
        try
        {
            // What is captured is not run, so nothing may stop it half way.
            work.Body(CancellationToken.None);
            return capture.Finish();
        }
        catch (CudaException) when (capture.DropIfSpoilt())
        {
            return null;
        }
        finally
        {
            capture.Dispose();
        }
    }

    public override void Dispose()
    {
        if (IsDisposed)
            return;
        _transfer.Dispose();
        _idle.GiveBack(_handles);
        IsDisposed = true;
    }
}
