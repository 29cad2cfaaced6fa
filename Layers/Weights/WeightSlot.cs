using Preimage.Layers.Kinds;

namespace Preimage.Layers.Weights;

/// <summary>One array that a network needs: which node's, in which role, and the names weight files have for it.</summary>
/// <param name="Node">The first node with the layer.</param>
/// <param name="Role">The role in the layer: weight, bias, scale.</param>
/// <param name="Current">What stands there now; its extents are those that are wanted.</param>
internal sealed record WeightSlot(Node Node, string Role, WeightSource Current)
{
    static readonly char[] s_separators = ['.', '_', '/'];

    /// <summary>The slots of a network, nodes in order; a layer that several nodes share counts once. Constants are part of the graph, not weights.</summary>
    public static IReadOnlyList<WeightSlot> Of(Network network) =>
        [.. network.Nodes.Where(n => n.Layer is not Constant).DistinctBy(n => n.Layer)
            .SelectMany(n => n.Layer.Weights.Select(w => new WeightSlot(n, w.Key, w.Value)))];

    /// <summary>The names under which a file may have the array.</summary>
    public IEnumerable<string> Names => s_separators.SelectMany(s => Suffixes.Select(suffix => $"{Node.Name}{s}{suffix}"));

    /// <summary>The name we would give it.</summary>
    public override string ToString() => $"{Node.Name}.{Role}";

    string[] Suffixes => Role switch
    {
        "weight" => ["weight", "weights", "W", "w", "kernel", "filters"],
        "bias" => ["bias", "biases", "b"],
        "scale" => ["scale", "gamma", "weight"],
        "shift" => ["shift", "beta", "bias"],
        "mean" => ["mean", "running_mean", "moving_mean"],
        "variance" => ["variance", "running_var", "moving_variance"],
        "slope" => ["slope", "weight", "alpha"],
        _ => [Role],
    };
}
