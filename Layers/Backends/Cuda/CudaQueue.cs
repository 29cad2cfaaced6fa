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
    readonly PinnedTransfer _transfer;

    public CudaQueue(CudaContext context, KernelLibrary kernels, Precision precision)
    {
        Kernels = kernels;
        try
        {
            Stream = new CudaStream(context);
            Blas = new BlasHandle(Stream);
            Blas.Math = precision == Precision.Fast ? BlasMath.Tf32 : BlasMath.Default;
            Dnn = new DnnHandle(Stream);
            _transfer = new PinnedTransfer(Stream);
        }
        catch
        {
            _transfer?.Dispose();
            Dnn?.Dispose();
            Blas?.Dispose();
            Stream?.Dispose();
            throw;
        }
    }

    public KernelLibrary Kernels { get; }

    public override CudaStream Stream { get; }

    public BlasHandle Blas { get; }

    public DnnHandle Dnn { get; }

    /// <summary>Whether it was disposed, and so drained.</summary>
    public bool IsDisposed => Stream.IsClosed;

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

        if (!work.MayRecord || !work.HasRun || Stream.Context.Synchronise)
        {
            work.Body(cancellation);
            work.HasRun = true;
            return;
        }

        // What is captured is not run, so nothing may stop it half way.
        using (StreamCapture capture = CudaGraph.Capture(Stream))
        {
            work.Body(CancellationToken.None);
            work.Recording = graph = capture.Finish();
        }

        graph.Launch(Stream);
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

    public override void Dispose()
    {
        _transfer.Dispose();
        Dnn.Dispose();
        Blas.Dispose();
        Stream.Dispose();
    }
}
