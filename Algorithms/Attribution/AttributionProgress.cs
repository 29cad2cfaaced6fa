namespace Preimage.Algorithms.Attribution;

/// <summary>How far an attribution is.</summary>
/// <param name="Maps">Maps that are done.</param>
/// <param name="Total">Maps there will be.</param>
public readonly record struct AttributionProgress(int Maps, int Total);
