using Preimage.Algorithms.Imaging;

namespace Preimage.Gallery.Tests.Fixture;

/// <summary>Pictures and maps by formula, with the heavy tails that real maps have.</summary>
internal static class SyntheticMaps
{
    /// <summary>A picture with a bright disc, a dark bar and a slope in each channel.</summary>
    public static Picture Photo(int width, int height, double seed)
    {
        var pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double u = (double)x / width, v = (double)y / height, disc = Math.Exp(-40 * (Square(u - 0.45 - 0.1 * seed) + Square(v - 0.4)));
                double bar = Math.Abs(u + v - 1.3 + 0.2 * seed) < 0.05 ? 0.6 : 0;
                pixels[(y * width + x) * 3] = Byte(40 + 180 * disc + 60 * v - 90 * bar);
                pixels[(y * width + x) * 3 + 1] = Byte(60 + 120 * disc + 70 * u - 60 * bar);
                pixels[(y * width + x) * 3 + 2] = Byte(90 + 40 * disc + 60 * (1 - v) + 40 * Math.Sin(20 * u * (1 + seed)));
            }
        }

        return new Picture(width, height, 3, pixels);
    }

    /// <summary>A map of a size and number of channels, unlike those of other kinds and classes.</summary>
    /// <param name="kind">A number per method.</param>
    /// <param name="target">A number per class: moves the blob.</param>
    /// <param name="sensitivity">How far the class changes the map, 0 to 1.</param>
    public static float[] Map(int width, int height, int channels, int kind, int target, double sensitivity)
    {
        var values = new float[width * height * channels];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double u = (x + 0.5) / width, v = (y + 0.5) / height, shift = sensitivity * 0.22 * target;
                    double blob = Math.Exp(-60 * (Square(u - 0.45 + shift) + Square(v - 0.4 - shift / 2))) - 0.6 * Math.Exp(-40 * (Square(u - 0.6 - shift / 2) + Square(v - 0.65)));
                    double ripple = Math.Sin((30 + 7 * kind) * u + 3 * kind + c) * Math.Cos((45 - 5 * kind) * v - kind) * Math.Exp(-6 * (Square(u - 0.5) + Square(v - 0.5)));
                    values[(c * height + y) * width + x] = (float)(0.03 * (1 + kind) * (blob * (1 - 0.3 * c) + 0.12 * ripple));
                }
            }
        }

        return values;
    }

    static double Square(double value) => value * value;

    static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
