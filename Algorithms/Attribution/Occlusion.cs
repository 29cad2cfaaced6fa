using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>How much a target loses when a window of the picture is covered (Zeiler and Fergus 2013, section 4.2), for every pixel the mean over the windows that
/// cover it, as captum defines it.</summary>
/// <remarks>
/// Windows start every <see cref="Stride"/> pixels from the upper left corner until one reaches the border; those that would reach over it are cut off there.
/// All channels are covered at once, so that the map has the same numbers in each, unless <see cref="EachChannel"/>. Positive where the target needs what is
/// there. A pass forward for every window, none back: it means the same for any network. Arg-max and top-k targets are those of the input as it is.
/// </remarks>
/// <param name="engine">The network on a device.</param>
public sealed class Occlusion(Engine engine) : AttributionMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "occlusion";

    /// <summary>Rows and columns that are covered; null takes a seventh of the picture's, rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public (int Y, int X)? Window { get; init => field = Positive(value, "a window"); }

    /// <summary>Rows and columns from a window to the next, at most as many as it has; null takes half of them, rounded up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public (int Y, int X)? Stride { get; init => field = Positive(value, "a stride"); }

    /// <summary>What covers the window.</summary>
    public Baseline Baseline { get; init; } = Baseline.Zero;

    /// <summary>Whether channels are covered one at a time.</summary>
    public bool EachChannel { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings =>
    [
        new("window", Window is { } w ? $"{w.Y}x{w.X}" : "a seventh of the picture"), new("stride", Stride is { } s ? $"{s.Y}x{s.X}" : "half the window"),
        new("baseline", $"{Baseline}"), new("channels", EachChannel ? "one at a time" : "together"),
    ];

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) =>
        new Occlusion(engine) { Window = Window, Stride = Stride, Baseline = Baseline, EachChannel = EachChannel };

    private protected override AttributionResult Run(AttributionRequest request)
    {
        request.RequireNoRecord(this);
        AttributionInputs inputs = request.Inputs;
        FixedTargets targets = FixedTargets.Resolve(Engine, request);
        HashSet<Node> upstream = Upstream.Of(targets.Node);
        WindowGrid[] grids = [.. inputs.Nodes.Where(i => upstream.Contains(i) && inputs.Shapes[i].Rank >= 3)
            .Select(i => new WindowGrid(i, inputs.Shapes[i], Window, Stride, EachChannel))];
        if (grids.Length == 0)
            throw new PreimageException($"node '{targets.Node.Name}' depends on no input with rows and columns: there is nothing to slide a window over");
        Dictionary<Node, float[]> maps = new OcclusionRun(Engine, request, targets, grids, grids.ToDictionary(g => g.Input, g => Baseline.For(g.Input, inputs))).Execute();
        int rows = inputs.Samples * targets.MapsPerSample;
        return new AttributionResult(
            this, request.Options, maps.ToDictionary(m => m.Key.Name, m => Tensor.Create(m.Value, inputs.Shapes[m.Key].WithSamples(rows).ToLengths())), targets.Units,
            AttributionNotes.Of(Name, targets.Resolver, maps, rows, "no window changes the target; try a larger one, or another baseline"), null);
    }

    static (int Y, int X)? Positive((int Y, int X)? value, string what) => value is { Y: < 1 } or { X: < 1 }
        ? throw new ArgumentOutOfRangeException(nameof(value), value, $"{what} has at least 1 row and column")
        : value;
}
