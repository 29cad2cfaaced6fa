using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>How fast a class's probability falls as the most relevant pixels are taken away: a small area speaks for the map.</summary>
/// <remarks>Petsiuk, Das and Saenko 2018 (RISE). Without a baseline of the caller's, pixels taken away become the picture's mean colour.</remarks>
public sealed class Deletion : PixelCurve
{
    /// <inheritdoc/>
    public override string Name => "deletion";

    /// <inheritdoc/>
    public override string Meaning => "How fast the class's probability falls as the map's most relevant pixels are taken away.";

    private protected override Better Better => Better.Lower;

    private protected override string OwnBaseline => BaselineFor(default).ToString();

    private protected override Baseline BaselineFor(Shape shape) => Baseline.Mean;

    private protected override (float[] From, float[] To) Ends(float[] picture, float[] baseline) => (picture, baseline);
}
