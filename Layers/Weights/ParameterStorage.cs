using Preimage.Cpu;

namespace Preimage.Layers.Weights;

/// <summary>The memory of a set of parameters, and of what the network they were copied from lends; engines keep it as long as they need it.</summary>
internal sealed class ParameterStorage(WeightStorage? lender) : WeightStorage
{
    readonly List<AlignedBuffer> _memory = [];
    readonly BorrowedStorage? _borrowed = lender is null ? null : new BorrowedStorage(lender);
    ParameterWeights[] _all = [];
    long _version;

    /// <summary>All parameters.</summary>
    public ReadOnlySpan<ParameterWeights> All => _all;

    /// <summary>Goes up with every change of any of them.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Empty: no file holds this network.</summary>
    public override string Hash => "";

    /// <summary>Keeps memory until the storage is freed.</summary>
    public AlignedBuffer Own(AlignedBuffer memory)
    {
        _memory.Add(memory);
        return memory;
    }

    /// <summary>Says once what the parameters are.</summary>
    public void Hold(IEnumerable<ParameterWeights> parameters) => _all = [.. parameters];

    /// <summary>Notes a change.</summary>
    public void Changed() => Interlocked.Increment(ref _version);

    protected override void Free()
    {
        foreach (AlignedBuffer memory in _memory)
            memory.Dispose();
        _borrowed?.Release();
    }
}
