using System.Collections.Concurrent;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>Layer-wise relevance propagation: the target's value is handed down layer by layer, each unit's to its inputs in proportion to what they contributed
/// (Bach et al. 2015).</summary>
/// <remarks>
/// <para>Activations pass relevance on as it is (sigmoid and tanh too, as in zennit), max pooling gives it to the winner, average pooling and sums share it in
/// proportion (epsilon 1e-6), joins and views move it, local response normalisation leaves it as it is. A batch norm right behind a convolution or
/// dense layer counts as a part of that layer: the numbers are those of the network with the norm folded in. Any other is a linear layer of its own under the
/// epsilon rule. Softmax inside the network, instance norm and products of two values that depend on the input have no rule: an error names the node.</para>
/// <para><see cref="AttributionResult.ConvergenceDeltas"/> is the sum of the map less the relevance it started with. Where no layer has a bias it is 0 but for epsilon
/// and rounding; otherwise it is what biases, shifts and added constants absorbed, negative relevance that they absorbed counting up.</para>
/// </remarks>
public sealed class LayerwiseRelevance : AttributionMethod
{
    readonly Dictionary<Node, RelevanceRule> _rules;
    readonly Dictionary<Node, Node> _norms;
    readonly ConcurrentDictionary<Node, BackwardRule> _passes = [];

    /// <summary>Makes the method for a network on a device.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="composite">Which layer has which rule; <see cref="RelevanceComposite.EpsilonPlus"/> where null.</param>
    /// <exception cref="PreimageException">The composite names a node that is not there or has no weights.</exception>
    public LayerwiseRelevance(Engine engine, RelevanceComposite? composite = null) : base(engine)
    {
        Composite = composite ?? RelevanceComposite.EpsilonPlus();
        _rules = Composite.For(engine.Network);
        _norms = EffectiveLayer.Norms(engine.Network);
    }

    /// <inheritdoc/>
    public override string Name => "lrp";

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, string>> Settings => [new("composite", Composite.Name), new("relevance starts as", Seed == Seed.One ? "1" : "the target's value")];

    /// <summary>Which layer has which rule.</summary>
    public RelevanceComposite Composite { get; }

    /// <summary>The relevance that a target starts with: its value, unless set to 1. Takes the place of <see cref="AttributionOptions.Seed"/>.</summary>
    public Seed Seed { get; init; } = Seed.Activation;

    /// <inheritdoc/>
    public override AttributionMethod On(Engine engine) => new LayerwiseRelevance(engine, Composite) { Seed = Seed };

    private protected override AttributionResult Run(AttributionRequest request)
    {
        if (request.Options.Rule is not null)
            throw new PreimageException("layer-wise relevance propagation has the rules of its composite: AttributionOptions.Rule must be null");
        AttributionRequest seeded = request with { Options = request.Options with { Seed = Seed } };
        Node target = new TargetResolver(Engine.Network, request.Targets, Seed).Node;
        // The same rule each time, so that plans are found again.
        BackwardRule rule = _passes.GetOrAdd(target, t => new BackwardRule(ReluRule.Gradient, Lrn: LrnRule.Identity, Node: new RelevancePass(_rules, _norms, t)));
        return new AttributionRun(this, rule, seeded) { Conserves = true }.Execute();
    }
}
