using System.Numerics.Tensors;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution;

/// <summary>The gradient, averaged along the straight path from a baseline to the input, times the way between them (Sundararajan, Taly and Yan 2017, section 3).</summary>
/// <remarks>
/// (x - x0) * integral over a of the gradient at x0 + a (x - x0), a from 0 to 1. What the shares of all input values add up to is the target's gain,
/// f(x) - f(x0), but for the quadrature's error, which <see cref="AttributionResult.ConvergenceDeltas"/> tells. Arg-max and top-k targets are those of the input
/// itself, and a signal starts with what it has there. <see cref="Steps"/> passes forward and back for every sample, all its targets on the way back together.
/// </remarks>
/// <param name="engine">The network on a device.</param>
public sealed class IntegratedGradients(Engine engine) : AttributionMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "integrated-gradients";

    /// <summary>n: points on the path.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Steps
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "integrated gradients take at least 1 step");
    } = 50;

    /// <summary>Which points, and what each counts.</summary>
    public Quadrature Quadrature { get; init; }

    /// <summary>x0: where the path starts.</summary>
    public Baseline Baseline { get; init; } = Baseline.Zero;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings =>
        [new("steps", $"{Steps}"), new("quadrature", $"{Quadrature}"), new("baseline", $"{Baseline}")];

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new IntegratedGradients(engine) { Steps = Steps, Quadrature = Quadrature, Baseline = Baseline };

    private protected override AttributionResult Run(AttributionRequest request)
    {
        request.RequireNoRecord(this);
        AttributionInputs inputs = request.Inputs;
        QuadratureNodes nodes = QuadratureNodes.Of(Quadrature, Steps);
        Dictionary<Node, float[]> baselines = inputs.Nodes.ToDictionary(i => i, i => Baseline.For(i, inputs));
        FixedTargets targets = FixedTargets.Resolve(Engine, request);
        var path = new PathIntegral(Engine, request, targets, baselines, nodes);
        Dictionary<Node, float[]> maps = path.Run();
        int rows = inputs.Samples * targets.MapsPerSample;
        return new AttributionResult(
            this, request.Options, maps.ToDictionary(m => m.Key.Name, m => Tensor.Create(m.Value, inputs.Shapes[m.Key].WithSamples(rows).ToLengths())),
            targets.Units, AttributionNotes.Of(Name, targets.Resolver, maps, rows), null)
        {
            ConvergenceDeltas = path.Deltas(maps),
        };
    }
}
