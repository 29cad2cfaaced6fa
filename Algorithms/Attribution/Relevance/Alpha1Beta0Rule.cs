namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>Positive weights alone, inputs of either sign, the bias as it is: captum's Alpha1_Beta0_Rule.</summary>
/// <remarks>Meant for inputs of at least zero. A negative input, or a bias below minus the rest of the sum, turns the sign of relevance, which
/// <see cref="ZPlusRule"/> does not.</remarks>
public sealed class Alpha1Beta0Rule : RelevanceRule
{
    /// <summary>Makes the rule.</summary>
    public Alpha1Beta0Rule() => Bias = RelevanceBias.Unchanged;

    internal override IReadOnlyList<RelevanceGroup> Groups => [new(new RelevanceTerm(InputPart.All, WeightPart.AboveZero, BiasLike(WeightPart.AboveZero)))];

    private protected override string Name => "alpha1-beta0";
}
