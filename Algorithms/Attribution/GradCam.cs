using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Attribution;

/// <summary>Where a layer's feature maps speak for a target: each weighted with the mean of the target's gradient over it, summed, rectified, and enlarged to the
/// input (Selvaraju et al. 2017, section 3, equations 1 and 2).</summary>
/// <remarks>
/// One number per pixel: maps have one channel, and rows and columns of the input. As coarse as the layer: an edge in the map is one of the enlargement.
/// <see cref="Coarse(Tensor{float}, IReadOnlyList{Target})"/> gives the map at the layer itself. One pass forward, and one back that ends at the layer.
/// </remarks>
public sealed class GradCam : AttributionMethod
{
    readonly string? _named;

    /// <summary>Makes the method.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="node">The layer: a node with rows and columns. Null takes the last that holds what convolutions gave, which every result names.</param>
    /// <exception cref="PreimageException">There is no such node, or it has no rows and columns.</exception>
    public GradCam(Engine engine, string? node = null) : base(engine)
    {
        _named = node;
        Network network = Engine.Network;
        Node = node is not null ? network.Nodes[node] : Upstream.LastFeatures(network)
            ?? throw new PreimageException("Grad-CAM looks at feature maps, and no convolution of the network gives any of more than one pixel: name a node");
        Shape shape = network.InferShapes()[Node.Index];
        if (shape.Rank != 4 || shape.H * shape.W < 2)
            throw new PreimageException($"Grad-CAM looks at feature maps, and node '{Node.Name}' ({shape}) has no rows and columns");
    }

    /// <inheritdoc/>
    public override string Name => "grad-cam";

    /// <summary>The layer.</summary>
    public Node Node { get; }

    /// <summary>Whether what speaks against the target is cut off, as in the paper; without, maps are signed.</summary>
    public bool Rectify { get; init; } = true;

    /// <summary>How the map is enlarged: bilinear as in the paper, or nearest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither.</exception>
    public ResamplingFilter Enlargement
    {
        get;
        init => field = value is ResamplingFilter.Bilinear or ResamplingFilter.Nearest ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "maps are enlarged bilinear or nearest");
    } = ResamplingFilter.Bilinear;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings =>
        [new("layer", Node.Name + (_named is null ? " (chosen)" : "")), new("rectified", Rectify ? "yes" : "no"), new("enlargement", $"{Enlargement}")];

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new GradCam(engine, _named) { Rectify = Rectify, Enlargement = Enlargement };

    /// <summary>The maps at the layer, before they are enlarged: <see cref="AttributionResult.Maps"/> holds them by the layer's name, N*K x 1 x rows x columns.</summary>
    /// <inheritdoc cref="AttributionMethod.Attribute(IReadOnlyDictionary{string, Tensor{float}}, IReadOnlyList{Target}, AttributionOptions?, IProgress{AttributionProgress}?, CancellationToken)"/>
    public AttributionResult Coarse(
        IReadOnlyDictionary<string, Tensor<float>> inputs, IReadOnlyList<Target> targets, AttributionOptions? options = null,
        IProgress<AttributionProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        var request = new AttributionRequest(new AttributionInputs(Engine.Network, inputs), targets, options ?? new AttributionOptions(), progress, cancellation);
        return Coarse(request);
    }

    /// <summary>The maps of the only input's samples at the layer, before they are enlarged.</summary>
    /// <inheritdoc cref="Coarse(IReadOnlyDictionary{string, Tensor{float}}, IReadOnlyList{Target}, AttributionOptions?, IProgress{AttributionProgress}?, CancellationToken)"/>
    public AttributionResult Coarse(Tensor<float> input, params IReadOnlyList<Target> targets) =>
        Coarse(new Dictionary<string, Tensor<float>> { [Engine.Network.Input.Name] = input }, targets);

    private protected override AttributionResult Run(AttributionRequest request)
    {
        AttributionResult coarse = Coarse(request);
        Tensor<float> maps = coarse.Maps[Node.Name];
        HashSet<Node> upstream = Upstream.Of(Node);
        Dictionary<string, Tensor<float>> enlarged = request.Inputs.Nodes
            .Where(i => upstream.Contains(i) && request.Inputs.Shapes[i].Rank == 4)
            .ToDictionary(i => i.Name, i => Enlarge(maps, request.Inputs.Shapes[i]));
        return enlarged.Count > 0
            ? new AttributionResult(this, request.Options, enlarged, coarse.Units, coarse.Notes, null)
            : throw new PreimageException($"node '{Node.Name}' depends on no input with rows and columns to enlarge its map to: take GradCam.Coarse");
    }

    AttributionResult Coarse(AttributionRequest request)
    {
        request.RequireNoRecord(this);
        var run = new GradCamRun(Engine, Node, Rectify, request);
        float[] maps = run.Execute();
        string empty = $"{(Rectify ? $"nothing at '{Node.Name}' speaks for this target" : $"no signal reaches '{Node.Name}' from this target")}; try another node";
        List<string> notes = AttributionNotes.Of(Name, run.Resolver, new Dictionary<Node, float[]> { [Node] = maps }, run.Units.Count, empty);
        notes.Add($"{Name} looks at '{Node.Name}' ({run.Shape.C} maps of {run.Shape.H}x{run.Shape.W})"
            + (_named is null ? ", the last that holds what convolutions gave: name a node to look elsewhere" : ""));
        Tensor<float> tensor = Tensor.Create(maps, [run.Units.Count, 1, run.Shape.H, run.Shape.W]);
        return new AttributionResult(this, request.Options, new Dictionary<string, Tensor<float>> { [Node.Name] = tensor }, run.Units, notes, null);
    }

    /// <summary>Rows and columns of an input; as PyTorch's interpolate does it, corners not aligned.</summary>
    Tensor<float> Enlarge(Tensor<float> maps, Shape input)
    {
        (int rows, int height, int width) = ((int)maps.Lengths[0], (int)maps.Lengths[2], (int)maps.Lengths[3]);
        float[] tall = new float[checked(rows * input.H * width)], large = new float[checked(rows * input.H * input.W)];
        Table(height, input.H).Apply(TensorSpans.Dense(maps), tall, rows, width);
        Table(width, input.W).Apply(tall, large, rows * input.H);
        return Tensor.Create(large, [rows, 1, input.H, input.W]);
    }

    ResamplingTable Table(int from, int to) => Enlargement == ResamplingFilter.Nearest
        ? ResamplingTable.OnnxNearest(from, to, ResizeCoordinates.Asymmetric, NearestRounding.Floor)
        : ResamplingTable.OnnxLinear(from, to);
}
