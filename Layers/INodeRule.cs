namespace Preimage.Layers;

/// <summary>A backward rule for chosen nodes: the seam for layer-wise relevance propagation, DeepLift and their kind.</summary>
/// <remarks>A plan made with such a rule keeps the inputs and the output of every node the rule applies to.</remarks>
public interface INodeRule
{
    /// <summary>Whether the rule takes this node over.</summary>
    bool AppliesTo(Node node);

    /// <summary>The weight the rule wants in place of <paramref name="weight"/> when it calls <see cref="NodeBackward.Propagate"/>.</summary>
    float Transform(Node node, float weight) => weight;

    /// <summary>Carries the signal at the node's output back to its inputs.</summary>
    void Backward(in NodeBackward call);
}
