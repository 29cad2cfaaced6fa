using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Maps, reconstructions and feature images in the library's own colours.</summary>
internal sealed class CleanLook : FeatureLook
{
    /// <inheritdoc/>
    public override Picture Map(ReadOnlySpan<float> map, int height, int width, float highest) =>
        (MapRenderer.Magnitude with { FixedRange = new DisplayRange(0, highest), MinimumWidth = 1 }).Render(map, 1, height, width).Picture;

    /// <inheritdoc/>
    public override Picture FeatureImage(TrackedFeatures features) =>
        (MapRenderer.HeatMap with { Percentile = 99.8, MinimumWidth = 1 }).Render(features.Image, 1, features.Height, features.Width).Picture;

    /// <inheritdoc/>
    private protected override Picture Reconstruction(TrackedFeatures features, ReadOnlySpan<float> image)
    {
        // Few values are far above the rest: their range would leave the picture black.
        MapRenderer renderer = MapRenderer.JointRgb with { Order = features.Order, MinimumWidth = 1, Percentile = 99.8 };
        return renderer.Render(image, features.Channels, features.Height, features.Width).Picture;
    }
}
