using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Attribution.Relevance;

/// <summary>LRP-zB: z_ij = x_i w_ij - low_i w_ij+ - high_i w_ij-, for a first layer whose inputs lie between bounds (Montavon et al. 2017, section 4.3).</summary>
/// <remarks>zennit's ZBox. The bias cancels unless it counts as it is.</remarks>
public sealed class ZBoxRule : RelevanceRule
{
    readonly float[] _low, _high;

    /// <summary>Makes the rule for inputs that all have the same bounds.</summary>
    /// <param name="low">The lowest value an input may have.</param>
    /// <param name="high">The highest.</param>
    /// <exception cref="ArgumentException">A bound is not finite, or the lower one lies above the other.</exception>
    public ZBoxRule(float low, float high) : this([low], [high]) { }

    /// <summary>Makes the rule for inputs with bounds per channel.</summary>
    /// <param name="low">The lowest value per channel, or one for all.</param>
    /// <param name="high">The highest value per channel, or one for all.</param>
    /// <exception cref="ArgumentException">A bound is not finite, a lower one lies above the other, or there are none.</exception>
    public ZBoxRule(IReadOnlyList<float> low, IReadOnlyList<float> high)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        (_low, _high) = ([.. low], [.. high]);
        if (_low.Length == 0 || _high.Length == 0 || (_low.Length != _high.Length && _low.Length > 1 && _high.Length > 1))
            throw new ArgumentException($"{_low.Length} lower and {_high.Length} upper bounds: one for all channels or one for each is needed", nameof(low));
        for (int c = 0; c < Math.Max(_low.Length, _high.Length); c++)
        {
            (float l, float h) = (_low[c % _low.Length], _high[c % _high.Length]);
            if (!float.IsFinite(l) || !float.IsFinite(h) || l > h)
                throw new ArgumentException($"bounds {l} to {h} of channel {c}: finite ones are needed, the lower one first", nameof(low));
        }
    }

    /// <summary>The bounds that black and white pixels have behind a preprocessing.</summary>
    public static ZBoxRule For(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        int channels = Math.Max(preprocessing.Mean.Count, preprocessing.Std.Count);
        return new ZBoxRule([.. Enumerable.Range(0, channels).Select(c => Value(0, c))], [.. Enumerable.Range(0, channels).Select(c => Value(255, c))]);

        float Value(double sample, int c) => (float)((sample * preprocessing.Scale - preprocessing.Mean[c % preprocessing.Mean.Count]) / preprocessing.Std[c % preprocessing.Std.Count]);
    }

    /// <summary>The lowest value per channel, or one for all.</summary>
    public IReadOnlyList<float> Low => _low;

    /// <summary>The highest value per channel, or one for all.</summary>
    public IReadOnlyList<float> High => _high;

    internal override IReadOnlyList<RelevanceGroup> Groups =>
    [
        new(new(InputPart.All, WeightPart.All, BiasLike(WeightPart.All)),
            new(InputPart.Given, WeightPart.AboveZero, BiasOfBound(WeightPart.AboveZero)) { Factor = -1, Values = _low },
            new(InputPart.Given, WeightPart.BelowZero, BiasOfBound(WeightPart.BelowZero)) { Factor = -1, Values = _high }),
    ];

    private protected override string Name => "z-box";

    private protected override IEnumerable<float> Numbers => [.. _low, .. _high];

    // Counted as it is, the bias is in the sum once, with the inputs.
    WeightPart BiasOfBound(WeightPart part) => Bias == RelevanceBias.AsWeight ? part : WeightPart.None;
}
