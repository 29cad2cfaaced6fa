using Preimage.Layers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>DeepLIFT with the rescale rule: what the target gains over a baseline, shared among the inputs by multipliers that stand for slopes, at every
/// nonlinearity the change of its output over the change of its input (Shrikumar, Greenside and Kundaje 2017, sections 3.2 and 3.5.2).</summary>
/// <remarks>
/// <para>Numbers as captum's DeepLift: where input and baseline differ by less than 1e-10 the slope at the input stands in; of a max-pooling window the winner
/// of the input gets what the output rose, the winner of the baseline what it fell; local response normalisation has its derivative at the input; softmax, where the
/// target is behind it, has the rescaled slopes less their mean, of one sample here, of the whole batch in captum. Linear layers and batch norms have
/// their own slopes. Products of two values that depend on the input have no rule: an error names the node, where captum takes the gradient.</para>
/// <para>The shares add up to the gain but for rounding, and but for softmax and local response normalisation:
/// <see cref="AttributionResult.ConvergenceDeltas"/> is their sum less the gain.</para>
/// </remarks>
/// <param name="engine">The network on a device.</param>
public sealed class DeepLift(Engine engine) : AttributionMethod(engine)
{
    /// <inheritdoc/>
    public override string Name => "deeplift";

    /// <summary>What inputs are compared to: one for all samples or one for each.</summary>
    public Baseline Baseline { get; init; } = Baseline.Zero;

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => [new("baseline", $"{Baseline}")];

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new DeepLift(engine) { Baseline = Baseline };

    private protected override AttributionResult Run(AttributionRequest request)
    {
        if (request.Options.Rule is not null)
            throw new PreimageException("DeepLIFT has a rule of its own: AttributionOptions.Rule must be null");
        if (request.Options.Record is not null || request.Options.KeepRecord)
            throw new PreimageException("a forward record is of one pass over the input alone, and DeepLIFT looks at a baseline beside it: leave AttributionOptions.Record and KeepRecord out");
        return new DeepLiftRun(this, request).Execute();
    }
}
