namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-epsilon: z_ij = x_i w_ij, the bias in the sum (Bach et al. 2015, equation 58); with epsilon 0 LRP-0.</summary>
/// <remarks>captum's EpsilonRule, except that epsilon has the sign of the sum as in the paper, and zennit's Epsilon.</remarks>
public sealed class EpsilonRule : RelevanceRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="epsilon">Absorbs relevance of outputs near zero, the more the larger.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public EpsilonRule(float epsilon = 1e-6f) => Epsilon = epsilon;

    internal override IReadOnlyList<RelevanceGroup> Groups => [new(new RelevanceTerm(InputPart.All, WeightPart.All, BiasLike(WeightPart.All)))];

    private protected override string Name => "epsilon";

    private protected override IEnumerable<float> Numbers => [Epsilon];
}
