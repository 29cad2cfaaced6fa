using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Onnx;

/// <summary>A named value of a graph while it is imported: weights, a small host value, or what a node computes.</summary>
internal sealed class GraphValue
{
    GraphValue(string name) => Name = name;

    /// <summary>The value's name in the file.</summary>
    public string Name { get; }

    /// <summary>The name of the Constant node that made it, where one did.</summary>
    public string NodeName { get; private init; } = "";

    /// <summary>Stored floats, where the value is constant.</summary>
    public WeightSource? Weights { get; private init; }

    /// <summary>Stored integers or booleans, where the value is constant.</summary>
    public HostTensor? Host { get; private init; }

    /// <summary>The node that computes it, or that was made to hold the constant.</summary>
    public Node? Node { get; set; }

    /// <summary>Why the value cannot be used, where it exists in the file only.</summary>
    public string? Refusal { get; private init; }

    /// <summary>The same elements with the last two of five axes run together into one, where the value has five.</summary>
    public GraphValue? Merged { get; private init; }

    public bool IsConstant => Weights is not null || Host is not null;

    public static GraphValue Of(Node node) => new(node.Output) { Node = node };

    public static GraphValue Of(string name, WeightSource weights, string nodeName = "") => new(name) { Weights = weights, NodeName = nodeName };

    /// <summary>A constant; floats become weights, so that large and small ones are treated alike.</summary>
    public static GraphValue Of(string name, HostTensor host, string nodeName = "") => host.Type == HostType.Float
        ? Of(name, new MemoryWeights(host.ToFloats(), host.Extents), nodeName)
        : new GraphValue(name) { Host = host, NodeName = nodeName };

    public static GraphValue Refused(string name, string reason) => new(name) { Refusal = reason };

    /// <summary>A value of five axes, which nothing can use but what keeps the last two together.</summary>
    public static GraphValue OfFiveAxes(string name, GraphValue merged) =>
        new(name) { Merged = merged, Refusal = $"its input '{name}' has rank 5, which is not supported: a shape has 1 to 4 extents" };

    /// <summary>The same constant under another name.</summary>
    public GraphValue Renamed(string name, string nodeName) => new(name) { Weights = Weights, Host = Host, NodeName = nodeName };

    /// <summary>The constant as a host value, where it is one and small enough.</summary>
    public HostTensor? TryHost()
    {
        if (Host is not null || Weights is null || Weights.Count > HostTensor.MaxCount)
            return Host;
        return new HostTensor([.. Weights.Extents], Array.ConvertAll(Weights.ToArray(), v => (double)v));
    }
}
