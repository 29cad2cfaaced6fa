using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The paper's adjectives as numbers of a map of channels x height x width (reference specification, section 9.1).</summary>
internal static class MapMeasures
{
    /// <summary>The part of the largest value below which a pixel counts as filtered out.</summary>
    const double Faint = 0.05;

    /// <summary>Cycles per pixel at half the Nyquist frequency.</summary>
    const double HalfNyquist = 0.25;

    /// <summary>The largest magnitude over the channels of each pixel.</summary>
    public static float[] Magnitudes(ReadOnlySpan<float> map, int channels)
    {
        var largest = new float[map.Length / channels];
        for (int i = 0; i < map.Length; i++)
            largest[i % largest.Length] = Math.Max(largest[i % largest.Length], Math.Abs(map[i]));
        return largest;
    }

    /// <summary>Filtering: the share of pixels whose magnitude is below a twentieth of the largest; NaN of a map that is all zero.</summary>
    public static double Filtered(ReadOnlySpan<float> map, int channels)
    {
        float[] magnitudes = Magnitudes(map, channels);
        double largest = magnitudes.Max();
        return largest > 0 ? (double)magnitudes.Count(m => m < Faint * largest) / magnitudes.Length : double.NaN;
    }

    /// <summary>Sharpness, the opposite of blur: the share of the spectral energy beside the mean that lies above half the Nyquist frequency, by the length of the frequency; NaN of a constant map.</summary>
    public static double Fine(ReadOnlySpan<float> map, int channels, int height, int width)
    {
        double fine = 0, all = 0;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> plane = map.Slice(c * height * width, height * width);
            (double[] real, double[] imaginary) = AlongRows(plane, height, width, out int frequencies);
            (double[] sines, double[] cosines) = Waves(height);
            for (int l = 0; l < frequencies; l++)
            {
                // The spectrum of real numbers is symmetric: all but the first and, of an even width, the last stand for two.
                int times = l == 0 || 2 * l == width ? 1 : 2;
                for (int k = 0; k < height; k++)
                {
                    double re = 0, im = 0;
                    for (int y = 0, turn = 0; y < height; y++, turn += k)
                    {
                        if (turn >= height)
                            turn -= height;
                        double a = real[y * frequencies + l], b = imaginary[y * frequencies + l];
                        re += a * cosines[turn] + b * sines[turn];
                        im += b * cosines[turn] - a * sines[turn];
                    }

                    if (k == 0 && l == 0)
                        continue;
                    double energy = times * (re * re + im * im), down = Math.Min(k, height - k) / (double)height, across = l / (double)width;
                    all += energy;
                    if (down * down + across * across > HalfNyquist * HalfNyquist)
                        fine += energy;
                }
            }
        }

        // What is left of a constant map is rounding.
        double power = 0;
        foreach (float value in map)
            power += (double)value * value;
        return all > 1e-20 * power * height * width ? fine / all : double.NaN;
    }

    /// <summary>The length of the gradient of a picture's brightness by Sobel's filters, borders repeated: a linear edge detector.</summary>
    public static float[] Edges(Picture picture)
    {
        Picture grey = picture.ToGrey();
        (int width, int height) = (grey.Width, grey.Height);
        var edges = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int across = At(x + 1, y - 1) + 2 * At(x + 1, y) + At(x + 1, y + 1) - At(x - 1, y - 1) - 2 * At(x - 1, y) - At(x - 1, y + 1);
                int down = At(x - 1, y + 1) + 2 * At(x, y + 1) + At(x + 1, y + 1) - At(x - 1, y - 1) - 2 * At(x, y - 1) - At(x + 1, y - 1);
                edges[y * width + x] = MathF.Sqrt(across * across + down * down);
            }
        }

        return edges;

        int At(int x, int y) => grey.Pixels[Math.Clamp(y, 0, height - 1) * width + Math.Clamp(x, 0, width - 1)];
    }

    static (double[] Real, double[] Imaginary) AlongRows(ReadOnlySpan<float> plane, int height, int width, out int frequencies)
    {
        frequencies = width / 2 + 1;
        (double[] sines, double[] cosines) = Waves(width);
        (var real, var imaginary) = (new double[height * frequencies], new double[height * frequencies]);
        for (int y = 0; y < height; y++)
        {
            for (int l = 0; l < frequencies; l++)
            {
                double re = 0, im = 0;
                for (int x = 0, turn = 0; x < width; x++, turn += l)
                {
                    if (turn >= width)
                        turn -= width;
                    re += plane[y * width + x] * cosines[turn];
                    im -= plane[y * width + x] * sines[turn];
                }

                (real[y * frequencies + l], imaginary[y * frequencies + l]) = (re, im);
            }
        }

        return (real, imaginary);
    }

    static (double[] Sines, double[] Cosines) Waves(int length)
    {
        (var sines, var cosines) = (new double[length], new double[length]);
        for (int i = 0; i < length; i++)
            (sines[i], cosines[i]) = Math.SinCos(2 * Math.PI * i / length);
        return (sines, cosines);
    }
}
