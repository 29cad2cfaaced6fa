using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Backtracking;

/// <summary>The paper's pictures: 8-bit, dark on white, brightness and contrast as the released program sets them (reference specification 4.4, Display).</summary>
/// <remarks>Brightness multiplies; contrast is m + f (v - m) about the rounded mean m; both cut to whole numbers of 0 to 255.</remarks>
/// <param name="wraps">Whether 8-bit arithmetic wraps, as in the program, rather than saturates.</param>
internal sealed class PaperLook(bool wraps) : FeatureLook
{
    const double MapBrightness = 0.7, MapContrast = 40, FeatureGain = 38, FeatureBrightness = 0.75, FeatureContrast = 2.5;

    /// <inheritdoc/>
    public override Picture Map(ReadOnlySpan<float> map, int height, int width, float highest)
    {
        var pixels = new byte[map.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = Cut(255 - map[i]);
        return Picture(pixels, height, width, MapBrightness, MapContrast);
    }

    /// <inheritdoc/>
    public override Picture FeatureImage(TrackedFeatures features)
    {
        ReadOnlySpan<float> image = features.Image;
        var pixels = new byte[image.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = Inverted(FeatureGain * Math.Truncate(image[i]));
        return Picture(pixels, features.Height, features.Width, FeatureBrightness, FeatureContrast);
    }

    /// <inheritdoc/>
    private protected override Picture Reconstruction(TrackedFeatures features, ReadOnlySpan<float> image)
    {
        float[] grey = FeatureTracking.Grey(image, features.Channels, features.Order);
        var pixels = new byte[grey.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = Inverted(Math.Truncate(grey[i]));
        return Picture(pixels, features.Height, features.Width, 1, 1);
    }

    /// <summary>255 less a whole number.</summary>
    byte Inverted(double value) => wraps ? unchecked((byte)(255 - (byte)(long)value)) : Cut(255 - value);

    static Picture Picture(byte[] pixels, int height, int width, double brightness, double contrast)
    {
        double sum = 0;
        for (int i = 0; i < pixels.Length; i++)
            sum += pixels[i] = Cut(brightness * pixels[i]);
        double mean = Math.Floor(sum / pixels.Length + 0.5);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = Cut(mean + contrast * (pixels[i] - mean));
        return new Picture(width, height, 1, pixels);
    }

    static byte Cut(double value) => (byte)Math.Clamp(value, 0, 255);
}
