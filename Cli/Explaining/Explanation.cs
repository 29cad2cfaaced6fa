using Preimage.Algorithms.Attribution;
using Preimage.Cli.Inputs;

namespace Preimage.Cli.Explaining;

/// <summary>One image under one method.</summary>
/// <param name="Input">The image.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Result">The map, of one row.</param>
/// <param name="Score">The class that is explained as the network rates it, or null where the target is no class.</param>
/// <param name="File">The array the map was saved in, or null.</param>
internal sealed record Explanation(NetworkInput Input, string Method, AttributionResult Result, ClassScore? Score, string? File)
{
    /// <summary>What the map explains.</summary>
    public AttributedUnit Unit => Result.Units[0];

    /// <summary>The class with its name and probability, or the unit with its place.</summary>
    public string Describe(Labels labels) => Score is { } score
        ? $"class {labels.Describe(score.Class)}, probability {score.Probability:F4}"
        : $"{Unit.Node}, channel {Unit.Channel} at row {Unit.Y}, column {Unit.X} (unit {Unit.Unit}), activation {Unit.Activation:G6}";

    /// <summary>The same in few letters, for labels of pictures.</summary>
    public string Caption(Labels labels) => Score is { } score
        ? $"{labels[score.Class] ?? $"class {score.Class}"} {score.Probability:F2}"
        : $"{Unit.Node} #{Unit.Channel}";
}
