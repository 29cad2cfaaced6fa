using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;
using Preimage.Layers.Planning;

namespace Preimage.Layers.Import.Onnx;

/// <summary>A network while it grows: nodes are added with their shapes known at once, and constants are folded as they are met.</summary>
internal sealed class GraphImport(NetworkBuilder builder, TensorReader tensors, int opset)
{
    readonly List<NodeValue> _known = [];
    readonly List<bool> _batchLeads = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    int _budget = ShapeInference.MaxHostElements;

    /// <summary>The version of the operators.</summary>
    public int Opset { get; } = opset;

    public TensorReader Tensors { get; } = tensors;

    /// <summary>Adds an input of the network.</summary>
    public GraphValue AddInput(string name, Shape shape, bool[] free)
    {
        _names.Add(name);
        Node node = builder.Input(name, shape, free);
        _known.Add(new NodeValue(shape, null, true));
        _batchLeads.Add(true);
        return GraphValue.Of(node);
    }

    /// <summary>Reads all nodes of a graph, the branches it takes included.</summary>
    /// <exception cref="ModelException">A node is refused.</exception>
    public void ReadNodes(GraphProto graph, GraphScope scope)
    {
        foreach (NodeProto proto in GraphOrder.Sort(graph))
            ReadNode(proto, scope);
    }

    /// <summary>Adds initialisers as constants.</summary>
    public void ReadInitialisers(GraphProto graph, GraphScope scope, Func<string, bool> replaced)
    {
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (tensor.Name.Length == 0)
                throw new ModelException("an initialiser has no name");
            if (!replaced(tensor.Name) && !scope.TryAdd(tensor.Name, Tensors.Read(tensor, tensor.Name)))
                throw new ModelException($"two initialisers have the name '{tensor.Name}'");
        }

        if (graph.SparseInitializer.Count > 0)
            throw new ModelException("sparse initialisers are not supported: save the model with dense ones");
    }

    /// <summary>Applies a layer: to constants at once where that can be done, else as a node.</summary>
    public GraphValue Make(string nodeName, string valueName, Layer layer, ReadOnlySpan<GraphValue> inputs)
    {
        if (StaticFolding.TryFold(layer, inputs, valueName, nodeName, ref _budget) is { } constant)
            return constant;
        var nodes = new Node[inputs.Length];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i] = AsNode(inputs[i]);
        return GraphValue.Of(AddNode(nodeName, valueName, layer, nodes));
    }

    /// <summary>The node that computes a value; a constant gets one when it is first asked for.</summary>
    public Node AsNode(GraphValue value)
    {
        if (value.Node is not null)
            return value.Node;
        try
        {
            Layer layer = value.Weights is not null ? new Constant(value.Weights) : new Constant(value.Host!);
            return value.Node = AddNode(value.NodeName, value.Name, layer, []);
        }
        catch (ShapeException e)
        {
            throw new ShapeException($"its constant input '{value.Name}': {e.Message}");
        }
    }

    /// <summary>The shape a value has at the declared input shapes.</summary>
    public Shape ShapeOf(GraphValue value)
    {
        Shape shape = value.Node is { } node ? _known[node.Index].Shape
            : value.Host is not null ? value.Host.ToShape()
            : value.Weights!.Extents.Count == 0 ? new Shape(1) : new Shape([.. value.Weights.Extents]);
        return shape.Rank > 0 ? shape : throw new ShapeException($"its input '{value.Name}' has no elements");
    }

    /// <summary>A value that is known on the host at the declared input shapes, or null.</summary>
    public HostTensor? KnownValue(GraphValue value) => value.TryHost() ?? (value.Node is { } node ? _known[node.Index].Constant : null);

    /// <summary>Whether a value is a batch of samples along axis 0, each depending on its own sample of the input alone.</summary>
    public bool BatchLeads(GraphValue value) => value.Node is { } node && _batchLeads[node.Index];

    Node AddNode(string nodeName, string valueName, Layer layer, Node[] inputs)
    {
        // A name that is missing or taken gives way to that of the value, which is unique in a valid file.
        string name = nodeName.Length > 0 && _names.Add(nodeName) ? nodeName : valueName;
        _names.Add(name);
        var arguments = new NodeValue[inputs.Length];
        bool varies = false, leads = true;
        for (int i = 0; i < inputs.Length; i++)
        {
            arguments[i] = _known[inputs[i].Index];
            varies |= arguments[i].Varies;
            leads &= !arguments[i].Varies || _batchLeads[inputs[i].Index];
        }

        if (layer is HostOperation && layer.Fold(new LayerInputs(arguments)) is null)
        {
            throw new UnsupportedOperatorException(name, layer.Operator,
                "this operator is supported on values that follow from shapes and constants only, but here it depends on values of the network's input");
        }

        Node node = builder.AddValue(name, valueName, layer, inputs);
        NodeValue known = ShapeInference.Infer(node, arguments, varies, ref _budget, out bool mixes);
        _known.Add(known);
        _batchLeads.Add(leads && known.Varies && !mixes);
        return node;
    }

    void ReadNode(NodeProto proto, GraphScope scope)
    {
        string name = OnnxNode.NameOf(proto);
        if (proto.Domain is not ("" or "ai.onnx"))
            throw new UnsupportedOperatorException(name, $"{proto.Domain}.{proto.OpType}", "operators of the domain ai.onnx only are supported");
        Action<OnnxNode> read = OperatorTable.Find(proto.OpType)
            ?? throw new UnsupportedOperatorException(name, proto.OpType, "this operator is not supported");
        try
        {
            read(new OnnxNode(proto, this, scope));
        }
        catch (Exception e) when (e is ShapeException or OverflowException)
        {
            throw new ModelException(name, proto.OpType, e.Message, e);
        }
    }
}
