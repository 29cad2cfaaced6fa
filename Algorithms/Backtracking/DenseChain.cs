using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Backtracking;

/// <summary>The dense layers that end a network, with nothing but element-wise functions, dropout and views between them.</summary>
/// <remarks>A convolution counts as a dense layer where its window is its whole input (one position, no padding, one group): the last layers of LeNet, or of
/// VGG written as convolutions. On a larger picture, where it has several positions, it does not.</remarks>
internal sealed class DenseChain
{
    DenseChain(Node logits, IReadOnlyList<DenseStep> steps) => (Logits, Steps) = (logits, steps);

    /// <summary>The node whose values are the class scores.</summary>
    public Node Logits { get; }

    /// <summary>The layers, the first one, which reads the features, first.</summary>
    public IReadOnlyList<DenseStep> Steps { get; }

    /// <summary>The node whose units are traced to.</summary>
    public Node Features => Steps[0].Source;

    /// <summary>How many classes there are.</summary>
    public int Classes => Steps[^1].Outputs;

    /// <summary>Finds the chain of a network at given shapes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="shapes">The shape of every node's value.</param>
    /// <exception cref="PreimageException">The network has several outputs, or does not end in a dense layer.</exception>
    public static DenseChain Of(Network network, IReadOnlyList<Shape> shapes)
    {
        Node logits = Attribution.Logits.Of(network, out _);
        var steps = new List<DenseStep>();
        // What a step's output goes through is met before the step: the walk is backward.
        var after = new List<Node>();
        Node at = BelowViews(logits);
        while (true)
        {
            if (IsDense(at, shapes))
            {
                Node source = BelowViews(at.Inputs[0]);
                steps.Add(new DenseStep(at, source, shapes[source.Index], [.. after]));
                after.Clear();
                at = source;
            }
            else if (steps.Count > 0 && at.Layer is Elementwise)
            {
                after.Insert(0, at);
                at = BelowViews(at.Inputs[0]);
            }
            else
            {
                break;
            }
        }

        if (steps.Count == 0)
            throw new PreimageException($"backtracking needs a network that ends in a dense layer; this one ends in {at}, of {shapes[at.Index]}");
        steps.Reverse();
        return new DenseChain(logits, steps);
    }

    /// <summary>A layer that has one weight from each value of a sample to each of its outputs.</summary>
    static bool IsDense(Node node, IReadOnlyList<Shape> shapes)
    {
        if (node.Layer is Dense dense)
            return shapes[node.Inputs[0].Index].SampleCount == dense.Inputs;
        if (node.Layer is not Convolution { Groups: 1 } convolution)
            return false;
        Shape input = shapes[node.Inputs[0].Index], output = shapes[node.Index];
        return output.H == 1 && output.W == 1 && convolution.Sliding.Kernel == (input.H, input.W)
            && (convolution.Sliding.AutoPad == AutoPad.Valid || convolution.Sliding is { AutoPad: AutoPad.Explicit, Pads: (0, 0, 0, 0) });
    }

    static Node BelowViews(Node node)
    {
        while (node.Layer is View)
            node = node.Inputs[0];
        return node;
    }
}
