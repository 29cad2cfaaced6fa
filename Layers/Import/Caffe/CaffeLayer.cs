using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>A layer of a structure while it is read.</summary>
internal sealed class CaffeLayer
{
    readonly CaffeMessage _message;
    readonly CaffeGraph _graph;
    readonly LearntWeights _weights;
    int _blobs;

    public CaffeLayer(CaffeMessage message, int number, CaffeGraph graph, LearntWeights weights)
    {
        _message = message;
        _graph = graph;
        _weights = weights;
        Label = message.Text("name");
        Bottoms = [.. message.Texts("bottom")];
        Tops = [.. message.Texts("top")];
        Name = Label.Length > 0 ? Label : Tops is [{ Length: > 0 } top, ..] ? top : $"layer {number}";
        if (message.Has("layer"))
            throw new ModelException(Name, "V0", "this layer is in Caffe's format of before 2014: upgrade the file with Caffe's upgrade_net_proto_binary");
        try
        {
            // The first format numbers its types, the second names them.
            Type = message.IsNumber("type") ? CaffeTypes.OfFirst(message.Integer("type", 0)) : message.Text("type");
        }
        catch (ShapeException e)
        {
            throw new ModelException(Name, "unknown", e.Message, e);
        }
    }

    /// <summary>The name in the file, by which weights are found; may be empty.</summary>
    public string Label { get; }

    /// <summary>The name of its node.</summary>
    public string Name { get; }

    /// <summary>Its type, as the second format names it.</summary>
    public string Type { get; }

    /// <summary>The blobs it reads.</summary>
    public string[] Bottoms { get; }

    /// <summary>The blobs it writes.</summary>
    public string[] Tops { get; }

    /// <summary>How many samples at a time the structure declares.</summary>
    public int DeclaredBatch => _graph.DeclaredBatch;

    /// <summary>The parameters of one kind, empty where there are none.</summary>
    public CaffeMessage Parameters(string name) => _message.Message(name);

    /// <summary>What it reads.</summary>
    /// <exception cref="ShapeException">It has fewer bottoms, or no layer gave this one.</exception>
    public Node Input(int index = 0) => index < Bottoms.Length
        ? _graph.Find(Bottoms[index])
        : throw new ShapeException($"its bottom {index} is missing: it has {Bottoms.Length}");

    public Shape ShapeOf(Node node) => _graph.ShapeOf(node);

    /// <summary>One of its weights.</summary>
    /// <param name="index">Which of its blobs.</param>
    /// <param name="fill">What an untrained network has there; null for random values.</param>
    /// <param name="extents">The extents it must have.</param>
    public WeightSource Weight(int index, float? fill, params ReadOnlySpan<int> extents)
    {
        _blobs = Math.Max(_blobs, index + 1);
        return _weights.Read(Label, index, fill, extents);
    }

    /// <summary>Adds a node that is a step towards the layer's own.</summary>
    public Node Step(string step, Layer layer, params ReadOnlySpan<Node> inputs) => _graph.Add($"{Name}/{step}", layer, inputs);

    /// <summary>Adds the node of the layer, which its only top stands for from now on.</summary>
    public void Finish(Layer layer, params ReadOnlySpan<Node> inputs)
    {
        if (Tops.Length != 1)
            throw new ShapeException($"it has {Tops.Length} tops where it computes one value");
        Finish(0, layer, inputs);
    }

    /// <summary>Adds a node for one of several tops.</summary>
    public void Finish(int top, Layer layer, params ReadOnlySpan<Node> inputs) => Set(top, _graph.Add(Name, layer, inputs));

    /// <summary>Lets a top stand for a node that is there.</summary>
    public void Set(int top, Node node) => _graph.Set(Tops[top], node);

    /// <summary>Checks that no weights of the layer were left unused.</summary>
    public void RequireWhole()
    {
        if (_weights.Count(Label) > _blobs)
            throw new ShapeException($"the file of weights has {_weights.Count(Label)} blobs for it where its parameters ask for {_blobs}");
    }
}
