using Preimage.Layers;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>What one of the callers of a search wants.</summary>
internal sealed record SearchRequest
{
    public required Engine Engine { get; init; }

    public required PixelScale Pixels { get; init; }

    /// <summary>The name of the method in the result.</summary>
    public required string Method { get; init; }

    public required Objective Objective { get; init; }

    public required PreImageOptions Options { get; init; }

    /// <summary>Whether <see cref="SecondPhase.ByMethod"/> means one.</summary>
    public bool HasSecondPhase { get; init; }

    /// <summary>Where every restart begins, D x h x w in pixel units less the centre; null for what the options say.</summary>
    public float[]? Start { get; init; }

    /// <summary>What the caller found that the user should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
