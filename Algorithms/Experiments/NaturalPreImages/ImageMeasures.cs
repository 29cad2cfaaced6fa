using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Numbers about images: channels x height x width in pixel units.</summary>
internal static class ImageMeasures
{
    /// <summary>|a - b| / |c|.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < a.Length; i++)
        {
            difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            norm += (double)c[i] * c[i];
        }

        return Math.Sqrt(difference / norm);
    }

    /// <summary>|a - b| / |b less its channels' means|: pixels differ, colours of the whole do not count as likeness.</summary>
    public static double PixelDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int channels)
    {
        float[] less = b.ToArray();
        int plane = b.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            Span<float> values = less.AsSpan(c * plane, plane);
            float mean = (float)Mean(values);
            foreach (ref float value in values)
                value -= mean;
        }

        return Distance(a, b, less);
    }

    /// <summary>The mean of each channel, in the order red, green, blue.</summary>
    public static double[] MeanColour(ReadOnlySpan<float> image, int channels, ChannelOrder order)
    {
        int plane = image.Length / channels;
        var means = new double[channels];
        for (int c = 0; c < channels; c++)
            means[order == ChannelOrder.Bgr ? channels - 1 - c : c] = Mean(image.Slice(c * plane, plane));
        return means;
    }

    /// <summary>The mean square of differences between neighbours over the variance: what of the contrast is between neighbours.</summary>
    public static double Roughness(ReadOnlySpan<float> image, int channels, int height, int width)
    {
        int plane = height * width;
        double differences = 0, variance = 0;
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> values = image.Slice(c * plane, plane);
            double mean = Mean(values);
            for (int i = 0; i < plane; i++)
            {
                variance += (values[i] - mean) * (values[i] - mean);
                double right = i % width + 1 < width ? values[i + 1] - values[i] : 0, below = i + width < plane ? values[i + width] - values[i] : 0;
                differences += right * right + below * below;
            }
        }

        return differences / variance;
    }

    /// <summary>The variance of the brightness, and the sum over channels of the variance of what each differs from it.</summary>
    public static (double Luma, double Chroma) Energies(ReadOnlySpan<float> image, int height, int width, ChannelOrder order)
    {
        int plane = height * width;
        float[] luma = Luma(image, plane, order);
        double chroma = 0;
        var difference = new float[plane];
        for (int c = 0; c < 3; c++)
        {
            for (int i = 0; i < plane; i++)
                difference[i] = image[c * plane + i] - luma[i];
            chroma += Variance(difference);
        }

        return (Variance(luma), chroma);
    }

    /// <summary>The brightness of each pixel of a colour image.</summary>
    public static float[] Luma(ReadOnlySpan<float> image, int plane, ChannelOrder order)
    {
        int red = order == ChannelOrder.Bgr ? 2 : 0;
        var luma = new float[plane];
        for (int i = 0; i < plane; i++)
            luma[i] = 0.299f * image[red * plane + i] + 0.587f * image[plane + i] + 0.114f * image[(2 - red) * plane + i];
        return luma;
    }

    /// <summary>The squares of all channels of each pixel, after a colour is subtracted.</summary>
    public static double[] Power(ReadOnlySpan<float> image, int channels, IReadOnlyList<double> centre)
    {
        int plane = image.Length / channels;
        var power = new double[plane];
        for (int c = 0; c < channels; c++)
        {
            double middle = centre[centre.Count == 1 ? 0 : c];
            for (int i = 0; i < plane; i++)
                power[i] += (image[c * plane + i] - middle) * (image[c * plane + i] - middle);
        }

        return power;
    }

    /// <summary>The part of the power that lies in a box.</summary>
    public static double ShareInside(double[] power, int height, int width, (int Top, int Left, int Height, int Width) box)
    {
        double inside = 0;
        for (int y = Math.Max(0, box.Top); y < Math.Min(height, box.Top + box.Height); y++)
            for (int x = Math.Max(0, box.Left); x < Math.Min(width, box.Left + box.Width); x++)
                inside += power[y * width + x];
        return inside / power.Sum();
    }

    /// <summary>Half the side of the smallest square around a point that holds a part of the power.</summary>
    public static double Radius(double[] power, int width, double centreY, double centreX, double part)
    {
        (double Off, double Power)[] pixels = [.. power.Select((p, i) => (Math.Max(Math.Abs(i / width - centreY), Math.Abs(i % width - centreX)), p)).OrderBy(p => p.Item1)];
        double wanted = part * power.Sum(), sum = 0;
        foreach ((double off, double p) in pixels)
        {
            sum += p;
            if (sum >= wanted)
                return off;
        }

        return pixels[^1].Off;
    }

    static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }

    static double Variance(ReadOnlySpan<float> values)
    {
        double mean = Mean(values), sum = 0;
        foreach (float value in values)
            sum += (value - mean) * (value - mean);
        return sum / values.Length;
    }
}
