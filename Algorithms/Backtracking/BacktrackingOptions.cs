using Preimage.Layers;

namespace Preimage.Algorithms.Backtracking;

/// <summary>How dense layers are traced back. Kept with the result.</summary>
public sealed record BacktrackingOptions
{
    /// <summary>Whether every positive contribution to the first dense layer counts, as Fang's text has it, rather than the strongest ones only, as the released
    /// program has it and the paper's counts seem to need (reference specification 4.2).</summary>
    public bool Literal { get; init; }

    /// <summary>Contributions to the first dense layer up to this do not take part, at least 0; the released program's 0.05.</summary>
    public double Threshold { get; init; } = 0.05;

    /// <summary>The percentile, 0 to 100, of the contributions above <see cref="Threshold"/>, over all pairs of the image jointly, that a unit must exceed; the
    /// released program's 90.</summary>
    public double Percentile { get; init; } = 90;

    /// <summary>The class to start from; null for the predicted one.</summary>
    public int? Class { get; init; }

    /// <summary>Fang's text: every positive contribution.</summary>
    public static BacktrackingOptions LiteralRule { get; } = new() { Literal = true };

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="PreimageException">One is out of range.</exception>
    internal void Validate(int classes)
    {
        if (!(Threshold >= 0) || double.IsInfinity(Threshold))
            throw new PreimageException($"backtracking with a threshold of {Threshold}: a number of at least 0 is wanted");
        if (!(Percentile is >= 0 and <= 100))
            throw new PreimageException($"backtracking with percentile {Percentile}: 0 to 100 is the range");
        if (Class is { } wanted && (uint)wanted >= (uint)classes)
            throw new PreimageException($"backtracking from class {wanted}: the network has classes 0 to {classes - 1}");
    }
}
