using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

public sealed partial class Network
{
    Node[]? _weightLayers;

    /// <summary>The convolutions and dense layers, each layer once, in the network's order: what <see cref="Randomisation"/> counts.</summary>
    /// <remarks>Batch norms and other layers with parameters are not counted: they belong to the convolution or dense layer before them.</remarks>
    public IReadOnlyList<Node> WeightLayers => _weightLayers ??= Weights.WeightLayers.Of(this);

    /// <summary>The same graph with some layers' weights drawn at random; this network stays as it is.</summary>
    /// <remarks>
    /// A layer's numbers follow from the seed and its place alone, whichever other layers are random. A batch norm behind a random layer becomes an untrained one
    /// (factors 1, summands 0, means 0, variances 1). Weights are drawn when an engine reads them.
    /// </remarks>
    /// <example><c>network.Randomize(Randomisation.Part(4), seed: 1)</c>: layers 0 to 4 stay, the others are random</example>
    /// <param name="which">Which layers.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="weights">What they are drawn from; <see cref="RandomWeights.Paper"/> if null.</param>
    /// <exception cref="PreimageException">There is no such layer: the message names those that are.</exception>
    public Network Randomize(Randomisation which, ulong seed, RandomWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(which);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        weights ??= RandomWeights.Paper;
        if (WeightLayers.Count == 0)
            throw new PreimageException($"Randomize({which}): the network has no convolution and no dense layer");
        if (which.Layer is { } asked && (uint)asked >= (uint)WeightLayers.Count)
        {
            throw new PreimageException($"Randomize({which}): the network has the layers 0 to {WeightLayers.Count - 1}: " +
                string.Join(", ", WeightLayers.Select((node, i) => $"{i} {node.Name}")));
        }

        Dictionary<Layer, int> places = Weights.WeightLayers.Places(this, [.. WeightLayers]);
        return WithSources((slot, current) => which.Includes(places[slot.Item1]) ? Drawn(slot.Item1, slot.Item2, current, seed, places[slot.Item1], weights) : null, null);
    }

    static WeightSource Drawn(Layer layer, string role, WeightSource current, ulong seed, int place, RandomWeights weights)
    {
        // A stream of its own for each array, whatever else is drawn.
        ulong stream = (ulong)place * 2;
        if (Weights.WeightLayers.Has(layer))
            return role == "bias" ? weights.Bias(layer, current, seed, stream + 1) : new SeededWeights(seed, stream, weights.Of(layer), [.. current.Extents]);
        float value = role switch { "scale" or "variance" => 1, "slope" => 0.25f, _ => 0 };
        var values = new float[current.Count];
        Array.Fill(values, value);
        return new MemoryWeights(values, [.. current.Extents]);
    }
}
