namespace Preimage.Cpu.Resampling;

/// <summary>One axis of a resize in native memory: output o sums weights[t] * input[indices[t]], t from starts[o] to starts[o + 1].</summary>
internal sealed unsafe class TapTable : IDisposable
{
    readonly AlignedBuffer _starts, _indices, _weights;

    public TapTable(int inputLength, ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights)
    {
        InputLength = inputLength;
        OutputLength = starts.Length - 1;
        _starts = Copy(starts);
        _indices = Copy(indices);
        _weights = Copy(weights);
    }

    public int InputLength { get; }

    public int OutputLength { get; }

    public int* Starts => (int*)_starts.Address;

    public int* Indices => (int*)_indices.Address;

    public float* Weights => _weights.Floats;

    public void Dispose()
    {
        _starts.Dispose();
        _indices.Dispose();
        _weights.Dispose();
    }

    static AlignedBuffer Copy<T>(ReadOnlySpan<T> from) where T : unmanaged
    {
        var buffer = new AlignedBuffer((long)from.Length * sizeof(T));
        from.CopyTo(new Span<T>((void*)buffer.Address, from.Length));
        return buffer;
    }
}
