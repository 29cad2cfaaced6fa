using System.Globalization;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>How a convolution or dense layer shares the relevance of its outputs among its inputs: R_i = sum_j z_ij / (z_j + eps sign z_j) R_j with contributions
/// z_ij of the rule's own and their sum z_j (Bach et al. 2015, section 2.4).</summary>
/// <remarks>sign 0 counts as +1. Where the denominator is 0 all the same, the output shares out nothing.</remarks>
public abstract class RelevanceRule
{
    readonly float _epsilon = 1e-6f;

    private protected RelevanceRule() { }

    /// <summary>What every denominator is moved away from zero by; zennit's 1e-6 unless set. (captum adds 1e-9, whatever the sign.)</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public float Epsilon
    {
        get => _epsilon;
        init => _epsilon = NotNegative(value, nameof(Epsilon));
    }

    /// <summary>How the bias counts.</summary>
    public RelevanceBias Bias { get; init; }

    /// <summary>What is summed up and shared out; every group has a sum of its own.</summary>
    internal abstract IReadOnlyList<RelevanceGroup> Groups { get; }

    /// <summary>The rule as in zennit's papers: name(settings).</summary>
    public sealed override string ToString()
    {
        string own = string.Join(", ", Numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)).Concat(Flags));
        return Bias == RelevanceBias.AsWeight ? $"{Name}({own})" : $"{Name}({(own.Length > 0 ? $"{own}, " : "")}bias {Bias})";
    }

    private protected abstract string Name { get; }

    private protected virtual IEnumerable<float> Numbers => [];

    private protected virtual IEnumerable<string> Flags => [];

    /// <summary>What becomes of the bias in a sum over weights of which a part counts.</summary>
    private protected WeightPart BiasLike(WeightPart weights) => Bias switch
    {
        RelevanceBias.AsWeight => weights,
        RelevanceBias.Unchanged => WeightPart.All,
        _ => WeightPart.None,
    };

    private protected static float NotNegative(float value, string name) => value >= 0 && float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "a finite number of at least 0 is needed");
}
