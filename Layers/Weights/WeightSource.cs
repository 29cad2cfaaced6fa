namespace Preimage.Layers.Weights;

/// <summary>Where a layer's weights come from: a mapped file, memory, or a seed. Read-only, safe from several threads.</summary>
/// <remarks>Compared by reference: layers that share a source share its packed copies.</remarks>
public abstract class WeightSource
{
    // Far beyond any network, and small enough for indices in bytes.
    const long MostElements = 1L << 40;

    /// <summary>Makes a source of the given extents (any rank, outermost first).</summary>
    /// <exception cref="ShapeException">An extent is negative or the elements are more than 2^40.</exception>
    protected WeightSource(ReadOnlySpan<int> extents)
    {
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
                throw new ShapeException($"a weight array cannot have the extent {extent}");
            count *= extent;
            if (count > MostElements)
                throw new ShapeException($"a weight array of {string.Join('x', extents.ToArray())} has more than {MostElements} elements");
        }

        Extents = extents.ToArray();
        LongCount = count;
    }

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Extents { get; }

    /// <summary>How many elements there are.</summary>
    /// <exception cref="ShapeException">They are more than 2^31-1, as only weights that are never stored can be: see <see cref="LongCount"/>.</exception>
    public int Count => LongCount <= int.MaxValue
        ? (int)LongCount
        : throw new ShapeException($"a weight array of {string.Join('x', Extents)} has {LongCount} elements, more than the {int.MaxValue} of an array in memory");

    /// <summary>How many elements there are, however many.</summary>
    public long LongCount { get; }

    /// <summary>Reads elements as float32, in row-major order.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="destination">Receives as many elements as it is long.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the array.</exception>
    public void Read(long start, Span<float> destination)
    {
        if (start < 0 || destination.Length > LongCount - start)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{destination.Length} elements from {start} on are not inside {LongCount}");
        ReadCore(start, destination);
    }

    /// <summary>All elements as a new array.</summary>
    /// <exception cref="ShapeException">They are more than 2^31-1.</exception>
    public float[] ToArray()
    {
        var values = GC.AllocateUninitializedArray<float>(Count);
        Read(0, values);
        return values;
    }

    /// <summary>The elements where they lie, when they lie in memory as little-endian float32; false otherwise.</summary>
    /// <remarks>The pointer is good as long as the network that owns the source (or an engine made from it) is not disposed.</remarks>
    internal virtual bool TryGetAddress(out nint address)
    {
        address = 0;
        return false;
    }

    /// <summary>Reads a range that is known to be inside the array.</summary>
    protected abstract void ReadCore(long start, Span<float> destination);
}
