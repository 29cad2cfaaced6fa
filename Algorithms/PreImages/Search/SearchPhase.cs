namespace Preimage.Algorithms.PreImages.Search;

/// <summary>Iterations with one jitter and one rate.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Iterations">At most so many.</param>
/// <param name="Rate">As the optimiser takes it.</param>
/// <param name="Jitter">T; 1 for none.</param>
internal readonly record struct SearchPhase(int Index, int Iterations, double Rate, int Jitter)
{
    /// <summary>What is moved.</summary>
    public Parameterisation Parameterisation { get; init; }

    /// <summary>How the network sees the canvas, beside the jitter; null for as it is.</summary>
    public ImageTransforms? Transforms { get; init; }

    /// <summary>Pixels around the canvas of the jitter.</summary>
    public int Padding => Transforms?.Padding ?? 0;

    /// <summary>Rows above and columns left of the centre of the canvas.</summary>
    public int Border => (Jitter - 1) / 2 + Padding;
}

/// <summary>Restarts that run together.</summary>
/// <param name="First">The first one's row in the result.</param>
/// <param name="Count">How many.</param>
internal readonly record struct RestartGroup(int First, int Count);
