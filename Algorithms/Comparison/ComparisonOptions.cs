using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Comparison;

/// <summary>What two engines are compared by.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Saliency, DeconvNet and guided backpropagation by their rules.</summary>
    public static IReadOnlyDictionary<string, BackwardRule> AllMethods { get; } = new Dictionary<string, BackwardRule>
    {
        ["saliency"] = BackwardRule.Gradient, ["deconvnet"] = BackwardRule.Deconvnet, ["guided"] = BackwardRule.Guided,
    };

    /// <summary>What maps explain. An arg-max or top-k is found on the side that is expected; both sides explain that.</summary>
    public Target Target { get; init; } = Target.Argmax;

    /// <summary>The rules of the passes back, by the names they are reported under.</summary>
    public IReadOnlyDictionary<string, BackwardRule> Methods { get; init; } = AllMethods;

    /// <summary>The normalised squared error of a node's values from which on the sides count as diverged there. Two orders of float32 sums stay below the default.</summary>
    public double Threshold { get; init; } = 1e-10;
}
