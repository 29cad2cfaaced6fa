using Preimage.Layers.Kinds;

namespace Preimage.Layers.Import.MatConvNet;

/// <summary>The network while it is put together: nodes, and the shapes of their values at the declared size.</summary>
internal sealed class ImportedGraph
{
    readonly Dictionary<Node, Shape> _shapes = [];

    /// <summary>Where the nodes are.</summary>
    public NetworkBuilder Builder { get; } = new();

    /// <summary>Adds an input of pictures: batch, rows and columns are free.</summary>
    public Node Input(string name, Shape shape)
    {
        Node node = Builder.Input(name, shape, [true, false, true, true]);
        _shapes[node] = shape;
        return node;
    }

    /// <summary>The shape of a node's value.</summary>
    public Shape ShapeOf(Node node) => _shapes[node];

    /// <summary>Adds a node.</summary>
    /// <exception cref="ModelException">Its inputs do not fit the layer.</exception>
    public Node Add(LayerRecord record, Layer layer, params ReadOnlySpan<Node> inputs) => Add(record, record.Name, layer, inputs);

    /// <summary>Adds a node of another name than its layer's.</summary>
    public Node Add(LayerRecord record, string name, Layer layer, params ReadOnlySpan<Node> inputs)
    {
        var values = new NodeValue[inputs.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = new NodeValue(_shapes[inputs[i]], null, true);
        Shape shape;
        try
        {
            shape = layer.Infer(new LayerInputs(values));
        }
        catch (Exception e) when (e is ShapeException or OverflowException)
        {
            throw new ModelException(record.Name, record.Type, e.Message, e);
        }

        Node node = Builder.Add(name, layer, inputs);
        _shapes[node] = shape;
        return node;
    }

    /// <summary>The value with rows and columns: what a dense layer gives gets one of each.</summary>
    public Node Plane(LayerRecord record, Node x) =>
        _shapes[x].Rank == 4 ? x : Add(record, $"{record.Name}_plane", new Unsqueeze { AxisList = [2, 3] }, x);
}
