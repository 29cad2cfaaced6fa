namespace Preimage.Layers;

/// <summary>A backward rule for chosen nodes: the seam for layer-wise relevance propagation, DeepLift and their kind.</summary>
/// <remarks>A plan made with such a rule keeps the inputs and the output of every node the rule applies to.</remarks>
public interface INodeRule
{
    /// <summary>Whether the rule takes this node over.</summary>
    bool AppliesTo(Node node);

    /// <summary>The weight the rule wants in place of <paramref name="weight"/> when it calls <see cref="NodeBackward.Propagate(ReadOnlySpan{float}, bool)"/>.</summary>
    float Transform(Node node, float weight) => weight;

    /// <summary>A layer to run in a node's place, with other weights or biases but the same shapes, when <see cref="NodeBackward.Forward(int, ReadOnlySpan{float}, Span{float})"/>
    /// or <see cref="NodeBackward.Propagate(int, ReadOnlySpan{float}, Span{float})"/> names it by its number; null where there is none.</summary>
    /// <remarks>A plan asks once for each and keeps what it makes of it. Layers whose <see cref="Weights.WeightSource"/>s are equal share packed copies.</remarks>
    Layer? Variant(Node node, int variant) => null;

    /// <summary>Carries the signal at the node's output back to its inputs.</summary>
    void Backward(in NodeBackward call);
}
