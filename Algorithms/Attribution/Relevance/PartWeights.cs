using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>A part of a layer's weights or bias, made as it is read and never stored.</summary>
/// <remarks>Equal for the same part of the same layer, so that an engine packs it once, whichever method asks.</remarks>
internal sealed class PartWeights(EffectiveLayer layer, WeightPart part, bool isBias, params ReadOnlySpan<int> extents) : WeightSource(extents), IEquatable<PartWeights>
{
    readonly (EffectiveLayer Layer, WeightPart Part, bool IsBias) _key = (layer, part, isBias);

    public bool Equals(PartWeights? other) => other is not null && _key == other._key;

    public override bool Equals(object? obj) => Equals(obj as PartWeights);

    public override int GetHashCode() => _key.GetHashCode();

    protected override void ReadCore(long start, Span<float> destination)
    {
        _key.Layer.Read(_key.IsBias, (int)start, destination);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = _key.Part.Of(destination[i]);
    }
}
