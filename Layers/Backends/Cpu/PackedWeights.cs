using System.Collections.Concurrent;
using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Convolution;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>One packed copy per weight source and use, shared by all operators of a backend and freed with it.</summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    readonly ConcurrentDictionary<(WeightSource, bool, ConvolutionGeometry), Lazy<PackedFilters>> _filters = new();
    readonly ConcurrentDictionary<WeightSource, Lazy<AlignedBuffer>> _copies = new();
    readonly ConcurrentDictionary<(WeightSource, string, bool, ConvolutionGeometry), Lazy<IBlockedConvolution>> _blocked = new();

    /// <summary>Bytes held now.</summary>
    public long Bytes =>
        _filters.Values.Where(f => f.IsValueCreated).Sum(f => f.Value.Bytes) + _copies.Values.Where(c => c.IsValueCreated).Sum(c => c.Value.Bytes)
        + _blocked.Values.Where(b => b.IsValueCreated).Sum(b => b.Value.PackedBytes);

    /// <summary>A convolution in blocked layout, or its adjoint, prepared once per geometry.</summary>
    public IBlockedConvolution Blocked(ConvolutionSetup setup, BlockedKind kind, bool adjoint) =>
        _blocked.TryGetValue((setup.Weights, kind.Name, adjoint, setup.Geometry), out Lazy<IBlockedConvolution>? found)
            ? found.Value
            : _blocked.GetOrAdd((setup.Weights, kind.Name, adjoint, setup.Geometry),
                _ => new(() => kind.Prepare(setup.Geometry, setup.Weights.ToArray(), setup.Execution.Isa, adjoint))).Value;

    /// <summary>Filters packed for the sweeps of a convolution or of its adjoint.</summary>
    public PackedFilters Filters(in ConvolutionGeometry geometry, WeightSource weights, TapGrid[] sweeps, bool adjoint, Isa isa)
    {
        // Of the planes only the sweeps' number and taps matter, which small planes cut short; the adjoint keeps them in its key.
        ConvolutionGeometry exact = geometry, key = adjoint ? geometry : geometry with { H = 0, W = 0, OutH = 0, OutW = 0 };
        if (adjoint)
            key = key with { H = Math.Min(key.H, key.StrideY), W = Math.Min(key.W, key.StrideX), OutH = 0, OutW = 0 };
        return _filters.GetOrAdd((weights, adjoint, key),
            _ => new(() => PackedFilters.Pack(exact, weights.ToArray(), sweeps, adjoint, isa))).Value;
    }

    /// <summary>The weights as they are: where the source has them in memory, or a copy.</summary>
    public float* Plain(WeightSource weights)
    {
        if (weights.TryGetAddress(out nint address))
            return (float*)address;
        return _copies.GetOrAdd(weights, static source => new(() =>
        {
            var copy = new AlignedBuffer((long)source.Count * sizeof(float));
            source.Read(0, new Span<float>(copy.Floats, source.Count));
            return copy;
        })).Value.Floats;
    }

    public void Dispose()
    {
        foreach (Lazy<PackedFilters> filters in _filters.Values.Where(f => f.IsValueCreated))
            filters.Value.Dispose();
        foreach (Lazy<AlignedBuffer> copy in _copies.Values.Where(c => c.IsValueCreated))
            copy.Value.Dispose();
        foreach (Lazy<IBlockedConvolution> blocked in _blocked.Values.Where(b => b.IsValueCreated))
            blocked.Value.Dispose();
        _blocked.Clear();
        _filters.Clear();
        _copies.Clear();
    }
}
