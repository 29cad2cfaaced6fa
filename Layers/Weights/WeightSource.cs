namespace Preimage.Layers.Weights;

/// <summary>Where a layer's weights come from: a mapped file, memory, or a seed. Read-only, safe from several threads.</summary>
/// <remarks>Compared by reference: layers that share a source share its packed copies.</remarks>
public abstract class WeightSource
{
    /// <summary>Makes a source of the given extents (any rank, outermost first).</summary>
    /// <exception cref="ShapeException">An extent is negative or the elements are more than 2^31-1.</exception>
    protected WeightSource(ReadOnlySpan<int> extents)
    {
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
                throw new ShapeException($"a weight array cannot have the extent {extent}");
            count *= extent;
            if (count > int.MaxValue)
                throw new ShapeException($"a weight array of {string.Join('x', extents.ToArray())} has more than {int.MaxValue} elements");
        }

        Extents = extents.ToArray();
        Count = (int)count;
    }

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<int> Extents { get; }

    /// <summary>How many elements there are.</summary>
    public int Count { get; }

    /// <summary>Reads elements as float32, in row-major order.</summary>
    /// <param name="start">The first element.</param>
    /// <param name="destination">Receives as many elements as it is long.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the array.</exception>
    public void Read(int start, Span<float> destination)
    {
        if (start < 0 || destination.Length > Count - start)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"{destination.Length} elements from {start} on are not inside {Count}");
        ReadCore(start, destination);
    }

    /// <summary>All elements as a new array.</summary>
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
    protected abstract void ReadCore(int start, Span<float> destination);
}
