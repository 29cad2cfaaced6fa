using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A stream, with cuBLAS and cuDNN working in its order.</summary>
internal sealed class StreamHandles : IDisposable
{
    public StreamHandles(CudaContext context, Precision precision, bool synchronise)
    {
        try
        {
            Stream = new CudaStream(context) { Synchronise = synchronise };
            Blas = new BlasHandle(Stream);
            // The default of float32 products is float32, but the environment may make it an emulation on later GPUs; the pedantic mode is no other under any setting.
            Blas.Math = precision switch
            {
                Precision.Fast => BlasMath.Tf32,
                Precision.Strict => BlasMath.Pedantic,
                _ => BlasMath.Default,
            };
            Dnn = new DnnHandle(Stream);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public CudaStream Stream { get; }

    public BlasHandle Blas { get; }

    public DnnHandle Dnn { get; }

    public void Dispose()
    {
        Dnn?.Dispose();
        Blas?.Dispose();
        Stream?.Dispose();
    }
}

/// <summary>Handles that no plan uses at the moment, kept for plans to come: making and destroying them allocates on the device and waits for all that it does.</summary>
internal sealed class IdleHandles(CudaContext context, Precision precision, bool synchronise) : IDisposable
{
    readonly Lock _gate = new();
    readonly Stack<StreamHandles> _idle = [];
    bool _disposed;

    /// <summary>Those that were given back last, or new ones.</summary>
    public StreamHandles Take()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out StreamHandles? handles))
                return handles;
        }

        return new StreamHandles(context, precision, synchronise);
    }

    /// <summary>Takes handles back once all work given to them is done; those that fail at it are destroyed.</summary>
    public void GiveBack(StreamHandles handles)
    {
        try
        {
            handles.Stream.Synchronize();
        }
        catch (CudaException)
        {
            // Giving back does not throw; a broken context breaks the next call that matters.
            handles.Dispose();
            return;
        }

        lock (_gate)
        {
            if (!_disposed)
            {
                _idle.Push(handles);
                return;
            }
        }

        handles.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_idle.TryPop(out StreamHandles? handles))
                handles.Dispose();
        }
    }
}
