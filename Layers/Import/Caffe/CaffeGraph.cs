using Preimage.Layers.Planning;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>A network while it grows: nodes with their shapes, and which of them each blob of the structure stands for at the moment.</summary>
internal sealed class CaffeGraph
{
    readonly NetworkBuilder _builder = new();
    readonly List<NodeValue> _known = [];
    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    readonly Dictionary<string, Shape> _declared = new(StringComparer.Ordinal);
    readonly Dictionary<string, Node> _blobs = new(StringComparer.Ordinal);
    readonly List<string> _unread = [];
    int _budget = ShapeInference.MaxHostElements;

    /// <summary>How many samples the structure declares at a time; the network takes any number.</summary>
    public int DeclaredBatch { get; set; } = 1;

    /// <summary>Whether pictures of any size go through to the end: no layer asks for a fixed number of values.</summary>
    public bool FreePlane { get; set; }

    /// <summary>Declares an input of the network; it becomes one when a layer reads it.</summary>
    public void Declare(string blob, Shape shape)
    {
        if (!_declared.TryAdd(blob, shape))
            throw new ModelException($"two inputs have the name '{blob}'");
    }

    /// <summary>The names of the inputs declared so far.</summary>
    public IEnumerable<string> Declared => _declared.Keys;

    /// <summary>The node a blob stands for.</summary>
    /// <exception cref="ShapeException">No layer before gave it.</exception>
    public Node Find(string blob)
    {
        _unread.Remove(blob);
        if (_blobs.TryGetValue(blob, out Node? node))
            return node;
        if (!_declared.TryGetValue(blob, out Shape shape))
            throw new ShapeException($"its bottom '{blob}' is given by no layer before it");
        _names.Add(blob);
        node = _builder.Input(blob, shape, [true, .. Enumerable.Range(1, shape.Rank - 1).Select(axis => FreePlane && shape.Rank == 4 && axis >= 2)]);
        _known.Add(new NodeValue(shape, null, true));
        return _blobs[blob] = node;
    }

    /// <summary>Lets a blob stand for a node from now on: a layer may write to the blob it reads.</summary>
    public void Set(string blob, Node node)
    {
        _blobs[blob] = node;
        _unread.Remove(blob);
        _unread.Add(blob);
    }

    /// <summary>Adds a node under a name, with a number behind it where the name is taken.</summary>
    public Node Add(string name, Layer layer, params ReadOnlySpan<Node> inputs)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
            unique = $"{name}_{i}";
        var arguments = new NodeValue[inputs.Length];
        bool varies = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            arguments[i] = _known[inputs[i].Index];
            varies |= arguments[i].Varies;
        }

        Node node = _builder.Add(unique, layer, inputs);
        _known.Add(ShapeInference.Infer(node, arguments, varies, ref _budget, out _));
        return node;
    }

    public Shape ShapeOf(Node node) => _known[node.Index].Shape;

    /// <summary>Makes the network; its outputs are the blobs that no layer reads.</summary>
    public Network Build(WeightStorage storage, string? path)
    {
        foreach (string blob in _unread)
            _builder.Output(_blobs[blob]);
        return _builder.Build(storage, path);
    }
}
