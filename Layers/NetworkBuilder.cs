using Preimage.Layers.Import;
using Preimage.Layers.Kinds;

namespace Preimage.Layers;

/// <summary>Builds a network node by node; importers and topologies use nothing else.</summary>
public sealed class NetworkBuilder
{
    readonly List<Node> _nodes = [];
    readonly List<(string Name, Node Node)> _outputs = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>What is known of the network beside its graph.</summary>
    public ModelMetadata Metadata { get; set; } = new();

    /// <summary>Adds an input of the network.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape, free axes filled in by a default.</param>
    /// <param name="free">Which axes are free; null means none beside the batch.</param>
    public Node Input(string name, Shape shape, IReadOnlyList<bool>? free = null) => Add(name, new Input(shape, free));

    /// <summary>Adds a node whose value has the node's own name.</summary>
    public Node Add(string name, Layer layer, params ReadOnlySpan<Node> inputs) => AddValue(name, name, layer, inputs);

    /// <summary>Adds a node whose value has a name of its own.</summary>
    /// <param name="name">The node's name; where it is taken, or empty, the name of the value (then with a number) stands in.</param>
    /// <param name="value">The name of the value.</param>
    /// <param name="layer">What the node computes.</param>
    /// <param name="inputs">Nodes of this builder, in the layer's order.</param>
    public Node AddValue(string name, string value, Layer layer, params ReadOnlySpan<Node> inputs)
    {
        ArgumentNullException.ThrowIfNull(layer);
        foreach (Node input in inputs)
        {
            if (input.Index >= _nodes.Count || !ReferenceEquals(_nodes[input.Index], input))
                throw new ModelException(name, layer.Operator, $"its input '{input.Name}' belongs to another network");
        }

        string unique = Unique(name.Length > 0 ? name : value);
        var node = new Node(_nodes.Count, unique, value, layer, [.. inputs]);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Declares a node's value to be an output of the network.</summary>
    public void Output(Node node) => _outputs.Add((node.Output, node));

    /// <summary>Checks all shapes and makes the network.</summary>
    /// <exception cref="ModelException">There is no input or output, or a node's inputs do not fit its layer.</exception>
    public Network Build() => Build(null, null);

    /// <summary>Makes the network; it owns <paramref name="storage"/> from then on.</summary>
    internal Network Build(Weights.WeightStorage? storage, string? source)
    {
        if (_outputs.Count == 0)
            throw new ModelException("the model has no output");
        return new Network(_nodes, _outputs.ConvertAll(o => o.Node), storage, source, Metadata);
    }

    string Unique(string name)
    {
        if (_names.Add(name))
            return name;
        for (int i = 2; ; i++)
        {
            string candidate = $"{name}_{i}";
            if (_names.Add(candidate))
                return candidate;
        }
    }
}
