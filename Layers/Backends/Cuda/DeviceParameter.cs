using Preimage.Interop.Cuda;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A parameter's copy on the device, which steps may change.</summary>
internal sealed class DeviceParameter(ParameterWeights parameter, DeviceMemory memory, CudaStream stream) : IParameterCopy, IDisposable
{
    long _version = parameter.Version;
    CudaQueue? _writer;

    /// <summary>Takes the values where they were changed elsewhere; the queue's work may still be reading those before.</summary>
    public void Follow(CudaQueue queue)
    {
        if (_version == parameter.Version)
            return;
        _version = parameter.Version;
        queue.Drain();
        parameter.Fetch();
        stream.Upload<float>(memory.Handle, parameter.Values);
    }

    /// <summary>Notes that work of a queue has changed, or will have changed, the values here.</summary>
    public void NoteChanged(CudaQueue? writer)
    {
        _writer = writer;
        parameter.ChangedIn(this);
        _version = parameter.Version;
    }

    public void Download(Span<float> values)
    {
        if (_writer is { IsDisposed: false })
            _writer.Synchronise();
        stream.Download(values, memory.Handle);
    }

    /// <summary>Leaves the host what is newer here.</summary>
    public void Dispose()
    {
        try
        {
            parameter.FetchFrom(this);
        }
        catch (CudaException)
        {
            // Disposing does not throw; a broken context breaks the next call that matters.
        }
    }
}
