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
                _weights.Add(weights, memory = Upload(weights));
            return memory.Handle;
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
