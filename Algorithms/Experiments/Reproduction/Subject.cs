using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>A network that is experimented on.</summary>
/// <param name="name">A short name.</param>
/// <param name="identity">What tells its weights from all others: a hash, or how they were drawn.</param>
/// <param name="trained">Whether it learnt anything.</param>
/// <param name="network">The network.</param>
/// <param name="preprocessing">How pictures become its input.</param>
/// <param name="device">Where it runs.</param>
internal sealed class Subject(string name, string identity, bool trained, Network network, Preprocessing preprocessing, Device device) : IDisposable
{
    readonly Lazy<Engine> _engine = new(() => network.On(device));

    /// <summary>A short name.</summary>
    public string Name => name;

    /// <summary>What tells its weights from all others.</summary>
    public string Identity => identity;

    /// <summary>Whether it learnt anything.</summary>
    public bool IsTrained => trained;

    /// <summary>How pictures become its input.</summary>
    public Preprocessing Preprocessing => preprocessing;

    /// <summary>The network.</summary>
    public Network Network => network;

    /// <summary>The network on the device.</summary>
    public Engine Engine => _engine.Value;

    /// <summary>What a reader of its results has to know, or null.</summary>
    public string? Note { get; init; }

    /// <summary>What its input's numbers are in pixel units.</summary>
    public PixelScale Pixels { get; } = PixelScale.Of(preprocessing);

    /// <summary>Rows and columns of its input.</summary>
    public (int Height, int Width) Size { get; } = (network.InputShape.H, network.InputShape.W);

    /// <summary>What the paper calls layers: nodes that compute something of the picture, without the softmax, and without those an importer made as parts of another.</summary>
    public IReadOnlyList<Node> Layers => field ??= [.. network.Nodes.Where(IsLayer)];

    /// <summary>Layers that all signals pass: of a network with branches the places where they meet.</summary>
    public IReadOnlyList<Node> Trunk => field ??= [.. Layers.Where(n => !network.Nodes.Any(m => m.Index < n.Index && DependsOnInput(m) && m.Consumers.Any(c => c.Index > n.Index)))];

    /// <summary>Layers with at least so many rows and columns.</summary>
    public IEnumerable<Node> Planes(IEnumerable<Node> nodes, int least)
    {
        IReadOnlyList<Shape> shapes = network.InferShapes();
        return nodes.Where(n => shapes[n.Index] is { Rank: 4 } s && s.H >= least && s.W >= least);
    }

    /// <summary>The shape of a node's value.</summary>
    public Shape ShapeOf(Node node) => network.InferShapes()[node.Index];

    /// <summary>A picture made ready.</summary>
    /// <exception cref="PreimageException">The picture does not fit the settings.</exception>
    public PreparedInput Prepare(Photo photo)
    {
        try
        {
            return preprocessing.Apply(photo.Picture, network.Input, photo.Name);
        }
        catch (ArgumentException e)
        {
            throw new PreimageException($"{photo.Name} for {name}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_engine.IsValueCreated)
            _engine.Value.Dispose();
        network.Dispose();
    }

    bool IsLayer(Node node) => node.Layer is not (Input or View or Softmax) && DependsOnInput(node)
        && !network.Nodes.Any(n => node.Name.StartsWith(n.Name + "/", StringComparison.Ordinal));

    bool DependsOnInput(Node node) => node.Layer is Input || node.Inputs.Any(DependsOnInput);
}
