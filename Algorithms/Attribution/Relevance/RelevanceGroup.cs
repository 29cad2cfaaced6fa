namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>Which outputs share out what a group of terms adds up to.</summary>
internal enum SharingOutputs
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those above zero in the forward pass.</summary>
    Positive,

    /// <summary>Those below zero in the forward pass.</summary>
    Negative,
}

/// <summary>Which values stand at the inputs of a layer in a term.</summary>
internal enum InputPart
{
    /// <summary>The inputs as they are.</summary>
    All,

    /// <summary>max(x, 0).</summary>
    Positive,

    /// <summary>min(x, 0).</summary>
    Negative,

    /// <summary>Values of the rule's own, one per channel or one for all.</summary>
    Given,
}

/// <summary>What a weight w counts as: a w + p max(w, 0) + n min(w, 0) + s w^2 + c.</summary>
/// <param name="Whole">a.</param>
/// <param name="Positive">p.</param>
/// <param name="Negative">n.</param>
/// <param name="Square">s.</param>
/// <param name="Constant">c.</param>
internal readonly record struct WeightPart(float Whole = 0, float Positive = 0, float Negative = 0, float Square = 0, float Constant = 0)
{
    public static WeightPart None { get; }

    public static WeightPart All { get; } = new(Whole: 1);

    public static WeightPart AboveZero { get; } = new(Positive: 1);

    public static WeightPart BelowZero { get; } = new(Negative: 1);

    public float Of(float w) => Whole * w + Positive * Math.Max(w, 0) + Negative * Math.Min(w, 0) + Square * w * w + Constant;
}

/// <summary>Contributions of inputs through weights: z_ij = factor x_i w_ij, parts of both.</summary>
/// <param name="Input">x.</param>
/// <param name="Weights">w.</param>
/// <param name="Bias">What of the bias is added to their sum.</param>
internal sealed record RelevanceTerm(InputPart Input, WeightPart Weights, WeightPart Bias)
{
    /// <summary>The factor.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>x where the rule gives it.</summary>
    public IReadOnlyList<float> Values { get; init; } = [];
}

/// <summary>Terms with a common sum: every output's relevance, times a factor, is shared in proportion to them.</summary>
/// <param name="Terms">The terms.</param>
internal sealed record RelevanceGroup(params IReadOnlyList<RelevanceTerm> Terms)
{
    /// <summary>The factor.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>Which outputs take part.</summary>
    public SharingOutputs Outputs { get; init; }
}
