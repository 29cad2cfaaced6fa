using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>How fast a class's probability rises as the most relevant pixels are put in: a large area speaks for the map.</summary>
/// <remarks>
/// Petsiuk, Das and Saenko 2018 (RISE). Without a baseline of the caller's, the picture comes out of a blurred one, so that no edges of what is put in are the first thing
/// the network sees; the Gaussian's deviation is a 20th of the longer side.
/// </remarks>
public sealed class Insertion : PixelCurve
{
    /// <inheritdoc/>
    public override string Name => "insertion";

    /// <inheritdoc/>
    public override string Meaning => "How fast the class's probability rises as the map's most relevant pixels are put into a blurred picture.";

    private protected override Better Better => Better.Higher;

    private protected override string OwnBaseline => "blurred, deviation a 20th of the longer side";

    private protected override Baseline BaselineFor(Shape shape) => Baseline.Blurred(Math.Max(shape.H, shape.W) / 20.0);

    private protected override (float[] From, float[] To) Ends(float[] picture, float[] baseline) => (baseline, picture);
}
