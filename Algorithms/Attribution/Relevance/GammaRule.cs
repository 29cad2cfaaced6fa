namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-gamma: positive weights count 1 + gamma times, z_ij = x_i (w_ij + gamma w_ij+) (Montavon et al. 2019, section 10.2.1).</summary>
/// <remarks>
/// As made, captum's GammaRule: inputs of either sign meet the same weights, and the bias is as it is. zennit's Gamma is the rule with
/// <see cref="SplitsSigns"/> and <see cref="RelevanceBias.AsWeight"/>: there what pushes an output the way it went counts 1 + gamma times, for negative
/// inputs and outputs too (Andeol et al. 2021). For inputs and outputs above zero and no bias all of them are the same.
/// </remarks>
public sealed class GammaRule : RelevanceRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="gamma">How much more positive weights count.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public GammaRule(float gamma = 0.25f)
    {
        Gamma = NotNegative(gamma, nameof(gamma));
        Bias = RelevanceBias.Unchanged;
    }

    /// <summary>Gamma.</summary>
    public float Gamma { get; }

    /// <summary>Whether inputs and outputs are told apart by their signs.</summary>
    public bool SplitsSigns { get; init; }

    internal override IReadOnlyList<RelevanceGroup> Groups
    {
        get
        {
            WeightPart up = new(Whole: 1, Positive: Gamma), down = new(Whole: 1, Negative: Gamma);
            return SplitsSigns
                ?
                [
                    new(new(InputPart.Positive, up, BiasLike(up)), new(InputPart.Negative, down, WeightPart.None)) { Outputs = SharingOutputs.Positive },
                    new(new(InputPart.Positive, down, BiasLike(down)), new(InputPart.Negative, up, WeightPart.None)) { Outputs = SharingOutputs.Negative },
                ]
                : [new(new RelevanceTerm(InputPart.All, up, BiasLike(up)))];
        }
    }

    private protected override string Name => "gamma";

    private protected override IEnumerable<float> Numbers => [Gamma];

    private protected override IEnumerable<string> Flags => SplitsSigns ? ["signs apart"] : [];
}
