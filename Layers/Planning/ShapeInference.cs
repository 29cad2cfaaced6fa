using Preimage.Layers.Kinds;

namespace Preimage.Layers.Planning;

/// <summary>Walks a network in order and finds each node's shape, folding what follows from shapes alone.</summary>
internal static class ShapeInference
{
    /// <summary>The most elements all host values of one network may have together: a file of a few bytes must not ask for gigabytes.</summary>
    public const int MaxHostElements = 1 << 23;

    /// <summary>What is known of each node.</summary>
    /// <param name="Values">One per node, in order; a zero value for nodes that were not wanted.</param>
    /// <param name="MixedAt">The first node that mixes axis 0 of what depends on the input, or null.</param>
    public readonly record struct Result(NodeValue[] Values, Node? MixedAt);

    /// <summary>The declared shape of each input, at its node's place.</summary>
    public static Shape[] DeclaredShapes(Network network)
    {
        var shapes = new Shape[network.Nodes.Count];
        foreach (Node input in network.Inputs)
            shapes[input.Index] = ((Input)input.Layer).Shape;
        return shapes;
    }

    /// <summary>Infers shapes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputShapes">The shape of each input, at its node's place.</param>
    /// <param name="wanted">Which nodes to look at, ancestors included; null for all.</param>
    /// <exception cref="ModelException">A node does not accept the shapes it would get.</exception>
    public static Result Run(Network network, Shape[] inputShapes, bool[]? wanted = null)
    {
        var values = new NodeValue[network.Nodes.Count];
        Node? mixedAt = null;
        int budget = MaxHostElements;
        var arguments = new NodeValue[8];
        foreach (Node node in network.Nodes)
        {
            if (wanted is not null && !wanted[node.Index])
                continue;
            if (node.Layer is Input)
            {
                values[node.Index] = new NodeValue(inputShapes[node.Index], null, true);
                continue;
            }

            if (arguments.Length < node.Inputs.Count)
                arguments = new NodeValue[node.Inputs.Count];
            bool varies = false;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                arguments[i] = values[node.Inputs[i].Index];
                varies |= arguments[i].Varies;
            }

            values[node.Index] = Infer(node, arguments.AsSpan(0, node.Inputs.Count), varies, ref budget, out bool mixes);
            if (mixes)
                mixedAt ??= node;
        }

        return new Result(values, mixedAt);
    }

    /// <summary>What is known of one node, given what is known of its inputs.</summary>
    /// <param name="node">The node; not an input.</param>
    /// <param name="arguments">Its inputs.</param>
    /// <param name="varies">Whether one of them depends on an input of the network.</param>
    /// <param name="budget">Host elements that may still be made; lowered by those of this node.</param>
    /// <param name="mixes">Whether samples of what depends on the input meet in it.</param>
    /// <exception cref="ModelException">The node does not accept its inputs.</exception>
    public static NodeValue Infer(Node node, ReadOnlySpan<NodeValue> arguments, bool varies, ref int budget, out bool mixes)
    {
        mixes = false;
        try
        {
            var inputs = new LayerInputs(arguments);
            if (node.Layer.Fold(inputs) is { } constant)
            {
                budget -= constant.Count;
                if (budget < 0)
                    throw new ShapeException($"values computed on the host have more than {MaxHostElements} elements together: they are meant for shapes");
                bool fits = constant.Rank <= Shape.MaxRank && constant.Count > 0;
                return new NodeValue(fits ? constant.ToShape() : default, constant, false);
            }

            Shape shape = node.Layer.Infer(inputs);
            mixes = varies && !node.Layer.KeepsSamplesApart(inputs, shape);
            return new NodeValue(shape, null, varies);
        }
        catch (Exception e) when (e is ShapeException or OverflowException)
        {
            throw new ModelException(node.Name, node.Layer.Operator, e.Message, e);
        }
    }
}
