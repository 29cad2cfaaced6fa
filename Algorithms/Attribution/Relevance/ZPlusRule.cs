namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-z+: positive contributions alone, x+ w+ + x- w- (Montavon et al. 2017, section 4.2; alpha-beta with alpha 1 and beta 0).</summary>
/// <remarks>zennit's ZPlus: what is non-negative above is non-negative below. captum's Alpha1_Beta0_Rule, which is the same for inputs of at least
/// zero and no bias, is <see cref="Alpha1Beta0Rule"/>.</remarks>
public sealed class ZPlusRule : RelevanceRule
{
    internal override IReadOnlyList<RelevanceGroup> Groups => [AlphaBetaRule.Positive(BiasLike(WeightPart.AboveZero))];

    private protected override string Name => "z+";
}
