using Google.Protobuf;
using Preimage.Layers.Import.Onnx;
using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Export;

/// <summary>An ONNX graph while it is written: names of values, initialisers, nodes.</summary>
internal sealed class GraphWriter
{
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly Dictionary<Node, string> _values = [];
    readonly Dictionary<WeightSource, string> _weights = new(ReferenceEqualityComparer.Instance);
    readonly IReadOnlyList<Shape> _shapes;

    public GraphWriter(Network network)
    {
        Network = network;
        _shapes = network.InferShapes();
        // Two nodes built by hand may have named their values alike: the later one gives way.
        foreach (Node node in network.Nodes)
            _values.Add(node, Unique(node.Output));
    }

    public Network Network { get; }

    public GraphProto Graph { get; } = new() { Name = "preimage" };

    /// <summary>Weights to be streamed behind the rest of the graph.</summary>
    public List<(string Name, WeightSource Weights)> Initialisers { get; } = [];

    /// <summary>The name of a node's value in the file.</summary>
    public string ValueOf(Node node) => _values[node];

    /// <summary>The shape of a node's value at the declared input shapes; rank 0 for a host value that cannot be one.</summary>
    public Shape ShapeOf(Node node) => _shapes[node.Index];

    /// <summary>A name that nothing in the graph has yet.</summary>
    public string Unique(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>An initialiser for weights; those shared by several nodes are written once.</summary>
    public string Weight(Node node, string role, WeightSource weights)
    {
        if (!_weights.TryGetValue(weights, out string? name))
        {
            name = Unique($"{node.Name}.{role}");
            _weights.Add(weights, name);
            Initialisers.Add((name, weights));
        }

        return name;
    }

    /// <summary>An initialiser for integers.</summary>
    public string Integers(Node node, string role, IReadOnlyList<long> values)
    {
        string name = Unique($"{node.Name}.{role}");
        TensorProto tensor = Tensor(HostTensor.Vector([.. values]));
        tensor.Name = name;
        Graph.Initializer.Add(tensor);
        return name;
    }

    /// <summary>A node that computes the value of a network's node.</summary>
    public NodeProto Add(Node node, string operatorName, params ReadOnlySpan<string> inputs) =>
        Add(node.Name, operatorName, ValueOf(node), inputs);

    /// <summary>A node between, for a layer that takes several operators.</summary>
    public string AddBetween(Node node, string role, string operatorName, Action<NodeProto>? attributes, params ReadOnlySpan<string> inputs)
    {
        string value = Unique($"{node.Name}/{role}");
        NodeProto proto = Add(value, operatorName, value, inputs);
        attributes?.Invoke(proto);
        return value;
    }

    NodeProto Add(string name, string operatorName, string output, ReadOnlySpan<string> inputs)
    {
        var proto = new NodeProto { Name = name, OpType = operatorName };
        proto.Output.Add(output);
        int count = inputs.Length;
        // Optional inputs left out at the end are not written at all.
        while (count > 0 && inputs[count - 1].Length == 0)
            count--;
        foreach (string input in inputs[..count])
            proto.Input.Add(input);
        Graph.Node.Add(proto);
        return proto;
    }

    /// <summary>The first input and the parameters that a layer reads from further inputs.</summary>
    public string Input(Node node, int index = 0) => index < node.Inputs.Count ? ValueOf(node.Inputs[index]) : "";

    /// <summary>A parameter that is either the layer's own or an input of its node.</summary>
    public string Parameter(Node node, IReadOnlyList<long>? own, int input, string role) =>
        own is not null ? Integers(node, role, own) : Input(node, input);

    /// <summary>A host value as a tensor.</summary>
    public static TensorProto Tensor(HostTensor value)
    {
        var tensor = new TensorProto();
        tensor.Dims.Add(value.Extents.Select(e => (long)e));
        switch (value.Type)
        {
            case HostType.Float:
                tensor.DataType = (int)TensorType.Float;
                tensor.FloatData.Add(value.ToFloats());
                break;
            case HostType.Boolean:
                tensor.DataType = (int)TensorType.Bool;
                tensor.Int32Data.Add(value.ToIntegers().Select(v => v != 0 ? 1 : 0));
                break;
            default:
                tensor.DataType = (int)TensorType.Int64;
                tensor.Int64Data.Add(value.ToIntegers());
                break;
        }

        return tensor;
    }

    /// <summary>Weights as a tensor that holds them.</summary>
    public static TensorProto Tensor(WeightSource weights)
    {
        var tensor = new TensorProto { DataType = (int)TensorType.Float };
        tensor.Dims.Add(weights.Extents.Select(e => (long)e));
        tensor.RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.ToArray().AsSpan()));
        return tensor;
    }
}
