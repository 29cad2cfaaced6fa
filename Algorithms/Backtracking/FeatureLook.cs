using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Backtracking;

/// <summary>How maps, reconstructions and feature images are drawn.</summary>
public abstract class FeatureLook
{
    private protected FeatureLook() { }

    /// <summary>The library's way: maps on one scale, dark for zero; feature images in the colours of heat; reconstructions in colour.</summary>
    public static FeatureLook Clean { get; } = new CleanLook();

    /// <summary>As the paper's figures look: dark on white, contrasts raised, values beyond 8 bits saturating.</summary>
    public static FeatureLook Paper { get; } = new PaperLook(wraps: false);

    /// <summary>As the released program draws, whose 8-bit arithmetic wraps: 38 v modulo 256 for v above 6.</summary>
    public static FeatureLook PaperWrapped { get; } = new PaperLook(wraps: true);

    /// <summary>Draws all feature maps of an image in a grid.</summary>
    /// <param name="maps">C x H x W values.</param>
    /// <param name="shape">Their shape; its N does not matter.</param>
    /// <param name="highest">The value at the end of the scale, so that maps before and after a suppression look alike; null for the largest one.</param>
    public Picture Maps(ReadOnlySpan<float> maps, Shape shape, float? highest = null)
    {
        const int Margin = 2, Least = 28;
        var mosaic = new Mosaic { Margin = Margin, TileWidth = Least };
        int plane = shape.H * shape.W;
        float top = highest ?? Math.Max(TensorPrimitives.Max(maps), float.Epsilon);
        for (int c = 0; c < shape.C; c++)
            mosaic.Add(Map(maps.Slice(c * plane, plane), shape.H, shape.W, top));
        return mosaic.Render();
    }

    /// <summary>Draws one feature map.</summary>
    public abstract Picture Map(ReadOnlySpan<float> map, int height, int width, float highest);

    /// <summary>Draws a feature image.</summary>
    public abstract Picture FeatureImage(TrackedFeatures features);

    /// <summary>Draws a reconstruction of an image: from all its maps, or without the set.</summary>
    public Picture Reconstruction(TrackedFeatures features, bool suppressed = false)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Reconstruction(features, suppressed ? features.Suppressed : features.Reconstruction);
    }

    private protected abstract Picture Reconstruction(TrackedFeatures features, ReadOnlySpan<float> image);
}
