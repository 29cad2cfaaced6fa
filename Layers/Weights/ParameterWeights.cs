using Preimage.Cpu;

namespace Preimage.Layers.Weights;

/// <summary>Weights that may change, in aligned memory that ends with zeros up to a whole vector.</summary>
/// <remarks>On the processor this memory is the only copy of what is read in any order of its own; a GPU keeps one that is changed there, and what is newer
/// there is fetched when it is read here. Whoever keeps anything made of the values compares <see cref="Version"/>.</remarks>
internal sealed unsafe class ParameterWeights : WeightSource
{
    readonly ParameterStorage _storage;
    readonly AlignedBuffer _memory;
    IParameterCopy? _newest;

    /// <summary>Copies another source's values.</summary>
    public ParameterWeights(ParameterStorage storage, WeightSource from) : base([.. from.Extents])
    {
        _storage = storage;
        _memory = storage.Own(new AlignedBuffer((long)Count * sizeof(float)));
        new Span<byte>((void*)_memory.Address, checked((int)_memory.Bytes)).Clear();
        from.Read(0, new Span<float>(_memory.Floats, Count));
    }

    /// <summary>Goes up with every change.</summary>
    public long Version { get; private set; }

    /// <summary>The values, without asking whether newer ones are elsewhere: see <see cref="Fetch"/>.</summary>
    public Span<float> Values => new(_memory.Floats, Count);

    /// <summary>Takes new values.</summary>
    public void Write(ReadOnlySpan<float> values)
    {
        values.CopyTo(Values);
        ChangedIn(null);
    }

    /// <summary>Notes that the values were changed in this memory, or in a copy of it.</summary>
    public void ChangedIn(IParameterCopy? copy)
    {
        _newest = copy;
        Version++;
        _storage.Changed();
    }

    /// <summary>Brings this memory up to date.</summary>
    public void Fetch()
    {
        _newest?.Download(Values);
        _newest = null;
    }

    /// <summary>Brings this memory up to date if that copy is the newest, which is about to go.</summary>
    public void FetchFrom(IParameterCopy copy)
    {
        if (ReferenceEquals(_newest, copy))
            Fetch();
    }

    internal override bool TryGetAddress(out nint address)
    {
        address = _memory.Address;
        return true;
    }

    protected override void ReadCore(long start, Span<float> destination)
    {
        Fetch();
        Values.Slice((int)start, destination.Length).CopyTo(destination);
    }
}

/// <summary>A copy of a parameter in another memory, which may be newer than the host's.</summary>
internal interface IParameterCopy
{
    /// <summary>Copies the values out, when all work on them is done.</summary>
    void Download(Span<float> values);
}
