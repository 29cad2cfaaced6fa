namespace Preimage.Algorithms.Attribution;

/// <summary>How far an attribution is.</summary>
/// <param name="Maps">Maps that are done.</param>
/// <param name="Total">Maps there will be.</param>
public readonly record struct AttributionProgress(int Maps, int Total)
{
    /// <summary>The share of the work that is done, 0 to 1, counting what is done of a map that takes many passes.</summary>
    public double Fraction { get; init; } = (double)Maps / Total;
}
