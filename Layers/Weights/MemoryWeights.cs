namespace Preimage.Layers.Weights;

/// <summary>Weights in a managed array.</summary>
public sealed class MemoryWeights : WeightSource
{
    readonly float[] _values;

    /// <summary>Takes over an array of values in row-major order; the caller no longer changes it.</summary>
    /// <exception cref="ShapeException">The extents do not multiply to the length of the array.</exception>
    public MemoryWeights(float[] values, params ReadOnlySpan<int> extents) : base(extents)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != LongCount)
            throw new ShapeException($"{values.Length} values do not fill {string.Join('x', Extents)}");
        _values = values;
    }

    /// <inheritdoc/>
    protected override void ReadCore(long start, Span<float> destination) =>
        _values.AsSpan((int)start, destination.Length).CopyTo(destination);
}
