using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Imaging;

/// <summary>Pictures defined by a formula.</summary>
internal static class Pictures
{
    /// <summary>Sample (x, y, c) = (7 x + 13 y + 31 c + x y) mod 256: slopes, wraps and fine texture.</summary>
    public static Picture Formula(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++)
                    pixels[(y * width + x) * channels + c] = (byte)(7 * x + 13 * y + 31 * c + x * y);
        return new Picture(width, height, channels, pixels);
    }
}
