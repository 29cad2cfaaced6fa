using Preimage.Layers.Import;
using Preimage.Layers.Kinds;
using Preimage.Layers.Planning;
using Preimage.Layers.Weights;

namespace Preimage.Layers;

/// <summary>A trained network: a graph of nodes with their weights. Immutable, safe to use from several threads.</summary>
public sealed partial class Network : IDisposable
{
    readonly WeightStorage? _storage;
    int _disposed;

    internal Network(IReadOnlyList<Node> nodes, IReadOnlyList<Node> outputs, WeightStorage? storage, string? source, ModelMetadata metadata)
    {
        _storage = storage;
        Metadata = metadata;
        Source = source;
        Nodes = new NodeList(nodes, "node");
        Inputs = new NodeList(nodes.Where(n => n.Layer is Input), "input");
        Outputs = new NodeList(outputs, "output");
        MixesSamples = ShapeInference.Run(this, ShapeInference.DeclaredShapes(this)).MixedAt is not null;
    }

    /// <summary>All nodes; the inputs of a node come before it.</summary>
    public NodeList Nodes { get; }

    /// <summary>The inputs.</summary>
    public NodeList Inputs { get; }

    /// <summary>The outputs.</summary>
    public NodeList Outputs { get; }

    /// <summary>The only input.</summary>
    /// <exception cref="PreimageException">The network has several, or none.</exception>
    public Node Input => Only(Inputs, "input");

    /// <summary>The only output.</summary>
    /// <exception cref="PreimageException">The network has several.</exception>
    public Node Output => Only(Outputs, "output");

    /// <summary>The file it was loaded from, or null.</summary>
    public string? Source { get; }

    /// <summary>What the file says beside the network: classes, how pictures become inputs.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Whether some node mixes axis 0, so that the batch is fixed to the declared one.</summary>
    public bool MixesSamples { get; }

    /// <summary>How many parameters there are; weights shared by nodes count once.</summary>
    public long ParameterCount => Nodes.SelectMany(n => n.Layer.Weights).Select(w => w.Value).Distinct().Sum(w => w.LongCount);

    /// <summary>SHA-256 of the model file, or an empty string for a network built in memory.</summary>
    public string Hash => _storage?.Hash ?? "";

    /// <summary>The declared shape of the only input: see <see cref="Kinds.Input.Shape"/>.</summary>
    public Shape InputShape => ((Input)Input.Layer).Shape;

    /// <summary>The shape of every node's value at the declared input shapes, or at others.</summary>
    /// <param name="inputShapes">Shapes by the name of the input; inputs not listed keep their declared shape.</param>
    /// <returns>A shape per node in order; rank 0 for values that exist on the host only.</returns>
    /// <exception cref="ModelException">A node does not accept the shapes it would get.</exception>
    public IReadOnlyList<Shape> InferShapes(IReadOnlyDictionary<string, Shape>? inputShapes = null)
    {
        Shape[] shapes = ShapeInference.DeclaredShapes(this);
        foreach ((string name, Shape shape) in inputShapes ?? new Dictionary<string, Shape>())
            shapes[Inputs[name].Index] = shape;
        return Array.ConvertAll(ShapeInference.Run(this, shapes).Values, v => v.Shape);
    }

    /// <summary>The shape of one node's value at other input shapes; nodes that it does not depend on need not accept them.</summary>
    /// <exception cref="ModelException">The node, or one that it depends on, does not accept the shapes it would get.</exception>
    public Shape InferShape(Node node, IReadOnlyDictionary<string, Shape> inputShapes)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(inputShapes);
        Shape[] shapes = ShapeInference.DeclaredShapes(this);
        foreach ((string name, Shape shape) in inputShapes)
            shapes[Inputs[name].Index] = shape;
        return ShapeInference.Run(this, shapes, PlanScope.Ancestors([node], Nodes.Count)).Values[node.Index].Shape;
    }

    /// <summary>Makes an engine that runs this network on a device.</summary>
    /// <exception cref="DeviceException">The device is not there.</exception>
    public Engine On(Device device, EngineOptions? options = null) => new(this, device, options ?? new EngineOptions());

    /// <summary>Gives the model file back. Engines made before keep what they need of it until they are disposed themselves.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _storage?.Release();
    }

    /// <summary>What holds the weights; null where they hold themselves.</summary>
    internal WeightStorage? Storage => _storage;

    /// <summary>The parameters whose network this is, or null where its weights never change.</summary>
    internal ParameterStorage? Parameters => _storage as ParameterStorage;

    internal bool IsDisposed => _disposed != 0;

    /// <summary>Keeps the weights readable until <see cref="ReleaseWeights"/>.</summary>
    internal void RetainWeights()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _storage?.Retain();
    }

    internal void ReleaseWeights() => _storage?.Release();

    static Node Only(NodeList list, string what) => list.Count == 1
        ? list[0]
        : throw new PreimageException($"the network has {list.Count} {what}s ({string.Join(", ", list.Select(n => n.Name))}): name one");
}
