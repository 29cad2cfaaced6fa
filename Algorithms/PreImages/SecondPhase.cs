namespace Preimage.Algorithms.PreImages;

/// <summary>Iterations without jitter after those with it, from the centre of their image, with the optimiser begun anew.</summary>
public sealed record SecondPhase
{
    /// <summary>50 iterations at a tenth of the rate where <see cref="Inversion"/> asks, none elsewhere: as in the paper.</summary>
    public static SecondPhase ByMethod { get; } = new() { IsByMethod = true };

    /// <summary>Iterations, at least 1.</summary>
    public int Iterations { get; init; } = 50;

    /// <summary>What the first phase's rate is multiplied with, above 0.</summary>
    public double RateFactor { get; init; } = 0.1;

    internal bool IsByMethod { get; private init; }
}
