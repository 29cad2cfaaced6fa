using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Attribution;

/// <summary>What a node's value is made of.</summary>
internal static class Upstream
{
    /// <summary>The node and all it depends on.</summary>
    public static HashSet<Node> Of(Node node)
    {
        var found = new HashSet<Node> { node };
        var open = new Stack<Node>(found);
        while (open.TryPop(out Node? at))
        {
            foreach (Node input in at.Inputs)
            {
                if (found.Add(input))
                    open.Push(input);
            }
        }

        return found;
    }

    /// <summary>The last node with rows or columns that holds what convolutions gave: one's own value, or that behind norms, sums, joins and activations.</summary>
    /// <returns>The node, or null where there is none.</returns>
    public static Node? LastFeatures(Network network)
    {
        IReadOnlyList<Shape> shapes = network.InferShapes();
        var features = new HashSet<Node>();
        Node? last = null;
        foreach (Node node in network.Nodes)
        {
            bool passes = node.Layer is BatchNormalisation or InstanceNormalisation or Arithmetic or Concat or Elementwise or ParametricRelu;
            if (node.Layer is not Convolution && !(passes && node.Inputs.Any(features.Contains)))
                continue;
            features.Add(node);
            Shape shape = shapes[node.Index];
            if (shape.Rank == 4 && shape.H * shape.W > 1)
                last = node;
        }

        return last;
    }
}
