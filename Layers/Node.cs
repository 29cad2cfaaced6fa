namespace Preimage.Layers;

/// <summary>One place in a network's graph: a layer applied to the values of other nodes, giving one value.</summary>
/// <remarks>Everything is keyed by node. A layer used twice is two nodes.</remarks>
public sealed class Node
{
    readonly List<Node> _consumers = [];

    internal Node(int index, string name, string output, Layer layer, IReadOnlyList<Node> inputs)
    {
        Index = index;
        Name = name;
        Output = output;
        Layer = layer;
        Inputs = inputs;
        foreach (Node input in inputs)
            input._consumers.Add(this);
    }

    /// <summary>Its position in the network's order: inputs of a node come before it.</summary>
    public int Index { get; }

    /// <summary>Its name in the model file, unique in the network.</summary>
    public string Name { get; }

    /// <summary>The name of the value it computes.</summary>
    public string Output { get; }

    /// <summary>What it computes.</summary>
    public Layer Layer { get; }

    /// <summary>The nodes whose values it reads, in the layer's order.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>The nodes that read its value; one that reads it twice is listed twice.</summary>
    public IReadOnlyList<Node> Consumers => _consumers;

    /// <summary>The name and the operator.</summary>
    public override string ToString() => $"{Name} ({Layer.Operator})";
}
