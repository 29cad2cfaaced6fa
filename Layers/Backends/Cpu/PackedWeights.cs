using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using Preimage.Cpu;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Packs filters [K][C/groups][R][S] for a convolution, or for its adjoint.</summary>
internal delegate T PackFilters<out T>(ConvolutionGeometry geometry, ReadOnlySpan<float> filters, Isa isa, bool adjoint);

/// <summary>One packed copy per weight source and use, shared by all operators of a backend, whatever the size of their planes, and freed with it.</summary>
internal sealed unsafe class PackedWeights : IDisposable
{
    readonly ConcurrentDictionary<(WeightSource, Type, bool, ConvolutionGeometry), Lazy<IPackedFilters>> _filters = new();
    readonly ConcurrentDictionary<WeightSource, Lazy<AlignedBuffer>> _copies = new();
    readonly Lock _following = new();
    readonly List<PackedParameter> _parameters = [];

    /// <summary>Bytes held now.</summary>
    public long Bytes =>
        _filters.Values.Where(f => f.IsValueCreated).Sum(f => f.Value.Bytes) + _copies.Values.Where(c => c.IsValueCreated).Sum(c => c.Value.Bytes);

    /// <summary>Filters packed in one way for a convolution, or for its adjoint.</summary>
    /// <param name="setup">The convolution.</param>
    /// <param name="adjoint">Which of the two.</param>
    /// <param name="pack">Packs [K][C/groups][R][S].</param>
    public T Filters<T>(ConvolutionSetup setup, bool adjoint, PackFilters<T> pack) where T : class, IPackedFilters
    {
        // Of the planes only those smaller than the stride matter, and to the adjoint alone: phases that start beyond them are not there.
        ConvolutionGeometry key = setup.Geometry with { H = 0, W = 0, OutH = 0, OutW = 0 };
        if (adjoint)
            key = key with { H = Math.Min(setup.Geometry.H, key.StrideY), W = Math.Min(setup.Geometry.W, key.StrideX) };
        return (T)_filters.GetOrAdd((setup.Weights, typeof(T), adjoint, key),
            _ => new(() => setup.Weights is ParameterWeights parameter ? Noted(parameter, PackInPlace(setup, adjoint, pack)) : Pack(setup, adjoint, pack))).Value;
    }

    /// <summary>Packs again what was packed of parameters that have changed since.</summary>
    /// <param name="lanes">Threads to work on.</param>
    public void Follow(int lanes)
    {
        lock (_following)
        {
            foreach (PackedParameter packed in _parameters)
                packed.Follow(lanes);
        }
    }

    T Noted<T>(ParameterWeights parameter, T filters) where T : class, IPackedFilters
    {
        lock (_following)
            _parameters.Add(new PackedParameter(parameter, filters));
        return filters;
    }

    static T PackInPlace<T>(ConvolutionSetup setup, bool adjoint, PackFilters<T> pack) where T : class, IPackedFilters
    {
        var parameter = (ParameterWeights)setup.Weights;
        parameter.Fetch();
        return pack(setup.Geometry, parameter.Values, setup.Execution.Isa, adjoint);
    }

    /// <summary>Packs from a copy that goes back to the system at once: garbage of that size would stay for long, so would pages of a mapped file, and
    /// the C library keeps what it was given back up to twice the largest piece.</summary>
    static T Pack<T>(ConvolutionSetup setup, bool adjoint, PackFilters<T> pack) where T : class, IPackedFilters
    {
        WeightSource weights = setup.Weights;
        using var memory = MemoryMappedFile.CreateNew(null, (long)weights.Count * sizeof(float));
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        byte* address = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        try
        {
            var values = new Span<float>(address, weights.Count);
            weights.Read(0, values);
            return pack(setup.Geometry, values, setup.Execution.Isa, adjoint);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
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
        foreach (Lazy<IPackedFilters> filters in _filters.Values.Where(f => f.IsValueCreated))
            filters.Value.Dispose();
        foreach (Lazy<AlignedBuffer> copy in _copies.Values.Where(c => c.IsValueCreated))
            copy.Value.Dispose();
        _filters.Clear();
        _copies.Clear();
    }
}

/// <summary>Filters packed of a parameter.</summary>
internal sealed class PackedParameter(ParameterWeights parameter, IPackedFilters filters)
{
    long _version = parameter.Version;

    public void Follow(int lanes)
    {
        if (_version == parameter.Version)
            return;
        _version = parameter.Version;
        filters.Pack(parameter.Values, lanes);
    }
}
