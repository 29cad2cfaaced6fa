using Preimage.Layers.Kinds;
using Preimage.Layers.Planning;

namespace Preimage.Layers;

/// <summary>What one node costs and sees at given input shapes.</summary>
/// <param name="Node">The node.</param>
/// <param name="Shape">The shape of its value, or rank 0 where the value exists on the host only.</param>
/// <param name="Parameters">Its parameters; weights that nodes share count at each of them.</param>
/// <param name="MultiplyAdds">Multiply-adds of convolutions and dense layers for the whole batch of the shape.</param>
/// <param name="Field">What one of its units sees of the input, or null where that is no box of fixed size.</param>
public sealed record NodeSummary(Node Node, Shape Shape, long Parameters, long MultiplyAdds, ReceptiveField? Field)
{
    /// <summary>A summary of every node of a network, in order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputShapes">Input shapes by name, or null for the declared ones.</param>
    /// <exception cref="ModelException">A node does not accept the shapes it would get.</exception>
    public static IReadOnlyList<NodeSummary> Of(Network network, IReadOnlyDictionary<string, Shape>? inputShapes = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Shape[] shapes = ShapeInference.DeclaredShapes(network);
        foreach ((string name, Shape shape) in inputShapes ?? new Dictionary<string, Shape>())
            shapes[network.Inputs[name].Index] = shape;
        NodeValue[] values = ShapeInference.Run(network, shapes).Values;
        IReadOnlyList<ReceptiveField?> fields = ReceptiveField.Of(network, inputShapes);
        return [.. network.Nodes.Select(n => new NodeSummary(n, values[n.Index].Shape, n.Layer.ParameterCount, MultiplyAddsOf(n, values), fields[n.Index]))];
    }

    static long MultiplyAddsOf(Node node, NodeValue[] values)
    {
        if (node.Layer is Input || values[node.Index].Constant is not null)
            return 0;
        NodeValue[] inputs = [.. node.Inputs.Select(i => values[i.Index])];
        return node.Layer.MultiplyAdds(new LayerInputs(inputs), values[node.Index].Shape);
    }
}
