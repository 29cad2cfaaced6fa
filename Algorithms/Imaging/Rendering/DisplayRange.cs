namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>The numbers that become the first and the last colour.</summary>
/// <param name="Low">Becomes the first colour, as does all below.</param>
/// <param name="High">Becomes the last colour, as does all above.</param>
public readonly record struct DisplayRange(double Low, double High)
{
    internal double Position(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);

    internal bool Clips(double value) => value < Low || value > High;

    /// <summary>Both ends.</summary>
    public override string ToString() => $"{Low:g6} .. {High:g6}";
}
