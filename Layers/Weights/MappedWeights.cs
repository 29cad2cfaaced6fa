using System.Runtime.InteropServices;

namespace Preimage.Layers.Weights;

/// <summary>Weights where they lie in a mapped model file, converted to float32 as they are read.</summary>
internal sealed unsafe class MappedWeights : WeightSource
{
    readonly WeightStorage _storage;
    readonly MappedFile _file;
    readonly long _offset;
    readonly ElementFormat _format;

    /// <summary>Describes an array that was checked to lie inside the file.</summary>
    public MappedWeights(WeightStorage storage, MappedFile file, long offset, ElementFormat format, ReadOnlySpan<int> extents) : base(extents)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + LongCount * format.Size(), file.Length);
        _storage = storage;
        _file = file;
        _offset = offset;
        _format = format;
    }

    internal override bool TryGetAddress(out nint address)
    {
        address = 0;
        // A payload inside a protobuf message starts at any byte. x86-64 and arm64 read floats and vectors there as well: a copy would cost as much
        // memory as the model.
        if (_format != ElementFormat.Single)
            return false;
        address = (nint)(_file.Address + _offset);
        return true;
    }

    protected override void ReadCore(long start, Span<float> destination)
    {
        // Held for the length of the call, so that disposing the network elsewhere cannot unmap what is being read.
        _storage.Retain();
        try
        {
            int size = _format.Size();
            long offset = _offset + start * size;
            if (_format == ElementFormat.Single)
            {
                // A span of bytes holds no more than 2^31-1.
                const int Most = 1 << 28;
                for (; !destination.IsEmpty; destination = destination[Math.Min(Most, destination.Length)..], offset += (long)Most * size)
                    _file.Read(offset, MemoryMarshal.AsBytes(destination[..Math.Min(Most, destination.Length)]));
                return;
            }

            Span<byte> stored = stackalloc byte[1 << 14];
            for (int most = stored.Length / size; !destination.IsEmpty; offset += stored.Length)
            {
                int count = Math.Min(most, destination.Length);
                _file.Read(offset, stored[..(count * size)]);
                _format.Convert(stored[..(count * size)], destination[..count]);
                destination = destination[count..];
            }
        }
        finally
        {
            _storage.Release();
        }
    }
}
