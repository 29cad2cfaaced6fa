using Preimage.Layers.Kinds;

namespace Preimage.Layers.Weights;

/// <summary>The layers of a network that are counted when some of them are made random, and what goes with each.</summary>
internal static class WeightLayers
{
    /// <summary>Whether a layer is counted: a product with weights of its own.</summary>
    public static bool Has(Layer layer) => layer is Convolution or TransposedConvolution or Dense;

    /// <summary>The first node of each counted layer, in order.</summary>
    public static Node[] Of(Network network) => [.. network.Nodes.Where(n => Has(n.Layer)).DistinctBy(n => n.Layer)];

    /// <summary>For each layer with weights, the place of the counted layer that it belongs to: the last one before it, or the first where none is.</summary>
    /// <remarks>The last in the network's order of those whose values reach it: for a batch norm behind a convolution that convolution.</remarks>
    public static Dictionary<Layer, int> Places(Network network, Node[] counted)
    {
        var places = new Dictionary<Layer, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < counted.Length; i++)
            places[counted[i].Layer] = i;
        // The last counted node at or before each node; ancestors come first.
        var last = new Node?[network.Nodes.Count];
        foreach (Node node in network.Nodes)
        {
            foreach (Node input in node.Inputs)
            {
                if (last[input.Index] is { } before && before.Index >= (last[node.Index]?.Index ?? 0))
                    last[node.Index] = before;
            }

            if (node.Layer is not Constant && node.Layer.Weights.Count > 0)
                places.TryAdd(node.Layer, last[node.Index] is { } owner ? places[owner.Layer] : 0);
            if (Has(node.Layer))
                last[node.Index] = node;
        }

        return places;
    }
}
