namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-alpha-beta: alpha times the relevance is shared among positive contributions, beta times taken back by negative ones
/// (Bach et al. 2015, equation 60).</summary>
/// <remarks>zennit's AlphaBeta: contributions x+ w+ + x- w- and x+ w- + x- w+, the bias with its sign among the former or the latter.</remarks>
public sealed class AlphaBetaRule : RelevanceRule
{
    /// <summary>Makes the rule.</summary>
    /// <param name="alpha">The factor of positive contributions.</param>
    /// <param name="beta">The factor of negative contributions, alpha - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is negative or not finite, or their difference is not 1.</exception>
    public AlphaBetaRule(float alpha = 2, float beta = 1)
    {
        (Alpha, Beta) = (NotNegative(alpha, nameof(alpha)), NotNegative(beta, nameof(beta)));
        // Of numbers that are no binary fractions the difference is 1 but for a rounding.
        if (Math.Abs(alpha - beta - 1) > 1e-6f * Math.Max(alpha, 1))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, $"alpha - beta must be 1 for relevance to be conserved, not {alpha - beta}");
    }

    /// <summary>Alpha.</summary>
    public float Alpha { get; }

    /// <summary>Beta.</summary>
    public float Beta { get; }

    internal override IReadOnlyList<RelevanceGroup> Groups
    {
        get
        {
            RelevanceGroup positive = Positive(BiasLike(WeightPart.AboveZero)) with { Factor = Alpha };
            var negative = new RelevanceGroup(
                new(InputPart.Positive, WeightPart.BelowZero, BiasLike(WeightPart.BelowZero)), new(InputPart.Negative, WeightPart.AboveZero, WeightPart.None))
            {
                Factor = -Beta,
            };
            return Beta > 0 ? [positive, negative] : [positive];
        }
    }

    /// <summary>The positive contributions.</summary>
    internal static RelevanceGroup Positive(WeightPart bias) =>
        new(new(InputPart.Positive, WeightPart.AboveZero, bias), new(InputPart.Negative, WeightPart.BelowZero, WeightPart.None));

    private protected override string Name => "alpha-beta";

    private protected override IEnumerable<float> Numbers => [Alpha, Beta];
}
