using System.Runtime.InteropServices;
using Preimage.Interop.Cuda;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Weights on the device, one copy per source, shared by all operators of a backend and freed with it.</summary>
internal sealed class DeviceConstants(CudaContext context) : IDisposable
{
    // A piece on the host at a time: weights may be larger than what is free there.
    const int PieceFloats = 1 << 22;

    readonly Lock _gate = new();
    readonly Dictionary<WeightSource, DeviceMemory> _weights = [];
    readonly List<DeviceParameter> _parameters = [];
    CudaQueue? _last;
    CudaStream? _stream;

    /// <summary>Bytes held now.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _weights.Values.Sum(w => w.Bytes);
        }
    }

    /// <summary>The address of weights as their source has them.</summary>
    public nint Of(WeightSource weights)
    {
        lock (_gate)
        {
            if (!_weights.TryGetValue(weights, out DeviceMemory? memory))
            {
                _weights.Add(weights, memory = Upload(weights));
                if (weights is ParameterWeights parameter)
                    _parameters.Add(new DeviceParameter(parameter, memory, _stream!));
            }

            return memory.Handle;
        }
    }

    /// <summary>Brings parameters that were changed elsewhere, before work that reads them goes to a queue.</summary>
    public void Follow(CudaQueue queue)
    {
        lock (_gate)
        {
            // What another plan still does reads, or writes, the same memory.
            if (_last != queue && _last is { IsDisposed: false })
                _last.Drain();
            _last = queue;
            foreach (DeviceParameter parameter in _parameters)
                parameter.Follow(queue);
        }
    }

    /// <summary>Notes that the parameters were changed here by the queue that last came.</summary>
    public void NoteChanged()
    {
        lock (_gate)
        {
            foreach (DeviceParameter parameter in _parameters)
                parameter.NoteChanged(_last);
        }
    }

    /// <summary>Values for one operator, who owns them.</summary>
    public DeviceMemory Upload<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        lock (_gate)
        {
            _stream ??= new CudaStream(context);
            var memory = new DeviceMemory(context, Math.Max(1, MemoryMarshal.AsBytes(values).Length));
            try
            {
                _stream.Upload(memory.Handle, values);
                return memory;
            }
            catch
            {
                memory.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (DeviceParameter parameter in _parameters)
                parameter.Dispose();
            foreach (DeviceMemory memory in _weights.Values)
                memory.Dispose();
            _weights.Clear();
            _stream?.Dispose();
        }
    }

    DeviceMemory Upload(WeightSource weights)
    {
        _stream ??= new CudaStream(context);
        var memory = new DeviceMemory(context, Math.Max(1, (long)weights.Count * sizeof(float)));
        try
        {
            var piece = new float[Math.Min(PieceFloats, weights.Count)];
            for (int at = 0; at < weights.Count; at += piece.Length)
            {
                Span<float> values = piece.AsSpan(0, Math.Min(piece.Length, weights.Count - at));
                weights.Read(at, values);
                _stream.Upload<float>(memory.Handle + (nint)at * sizeof(float), values);
            }

            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }
}
