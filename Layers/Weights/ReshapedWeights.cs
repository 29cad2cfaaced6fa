namespace Preimage.Layers.Weights;

/// <summary>Another source's elements under other extents.</summary>
internal sealed class ReshapedWeights : WeightSource
{
    public ReshapedWeights(WeightSource source, ReadOnlySpan<int> extents) : base(extents)
    {
        if (source.LongCount != LongCount)
            throw new ShapeException($"{string.Join('x', source.Extents)} weights do not fill {string.Join('x', Extents)}");
        Source = source is ReshapedWeights reshaped ? reshaped.Source : source;
    }

    public WeightSource Source { get; }

    internal override bool TryGetAddress(out nint address) => Source.TryGetAddress(out address);

    protected override void ReadCore(long start, Span<float> destination) => Source.Read(start, destination);
}
