using Preimage.Interop.Cuda;

namespace Preimage.Layers.Operators;

/// <summary>Where the work of one plan goes, in order, and where its data comes in and goes out.</summary>
/// <remarks>On the processor a call returns when its work is done. On a GPU it is a stream: work runs on after the call, what comes in is read before
/// the call returns, and what goes out is there when it returns. A queue belongs to one caller at a time.</remarks>
internal abstract class WorkQueue : IDisposable
{
    /// <summary>The stream, on a GPU; null on the processor.</summary>
    public abstract CudaStream? Stream { get; }

    /// <summary>Copies bytes within the device.</summary>
    public abstract void Copy(nint from, nint to, long bytes);

    /// <summary>Copies NCHW values in from elsewhere in the device's memory.</summary>
    public abstract void CopyIn(nint planar, Activation destination);

    /// <summary>Copies values out as NCHW to elsewhere in the device's memory.</summary>
    public abstract void CopyOut(Activation source, nint planar);

    /// <summary>Copies bytes in from the host.</summary>
    public abstract void Upload(ReadOnlySpan<byte> source, nint destination);

    /// <summary>Copies bytes out to the host.</summary>
    public abstract void Download(nint source, Span<byte> destination);

    /// <summary>Copies NCHW host values in.</summary>
    public abstract void Upload(ReadOnlySpan<float> source, Activation destination);

    /// <summary>Copies values out as NCHW.</summary>
    public abstract void Download(Activation source, Span<float> destination);

    /// <summary>into += from, element by element, both in one layout: joins the signals of a node with several consumers.</summary>
    public abstract void Accumulate(Activation into, Activation from);

    /// <summary>Makes the device the calling thread's until the scope is disposed; every call of a plan happens inside one.</summary>
    public abstract CurrentDevice Enter();

    /// <summary>Does work that is the same every time; a queue may record it and replay the recording.</summary>
    public abstract void Run(RepeatedWork work, CancellationToken cancellation);

    /// <summary>Makes what times the steps of a pass, for as many as there are.</summary>
    public abstract StepTimer CreateTimer(int steps);

    /// <summary>Waits until everything asked for so far is done.</summary>
    public abstract void Synchronise();

    /// <summary>Waits as well as it can before what the work uses is freed: what went wrong was, or is, reported elsewhere.</summary>
    public abstract void Drain();

    /// <summary>Frees what belongs to the queue, which was drained.</summary>
    public abstract void Dispose();
}

/// <summary>Holds a device current on the calling thread; nothing on the processor.</summary>
internal ref struct CurrentDevice(CurrentContext context)
{
    CurrentContext _context = context;

    /// <summary>Gives the thread back the device it had.</summary>
    public void Dispose() => _context.Dispose();
}

/// <summary>Work on fixed addresses that is done again and again.</summary>
/// <param name="body">Does it.</param>
/// <param name="mayRecord">Whether it is made of operators alone, so that it is the same every time.</param>
internal sealed class RepeatedWork(Action<CancellationToken> body, bool mayRecord) : IDisposable
{
    public Action<CancellationToken> Body => body;

    public bool MayRecord => mayRecord;

    /// <summary>Whether it ran once already: what is made on a first use is there.</summary>
    public bool HasRun { get; set; }

    /// <summary>How often a queue failed to record it for reasons outside of it.</summary>
    public int Refusals { get; set; }

    /// <summary>What a queue recorded; freed with the work.</summary>
    public IDisposable? Recording { get; set; }

    public void Dispose() => Recording?.Dispose();
}
