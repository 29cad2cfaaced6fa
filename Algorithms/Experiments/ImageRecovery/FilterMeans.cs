using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The mean of random filters that respond to a patch, beside what it tends to: (1/N) sum_i w_i [w_i.y > 0] and c y / (|y| sqrt(2 pi)).</summary>
internal static class FilterMeans
{
    const double Deviation = 0.1;

    /// <summary>Means that an error is averaged over.</summary>
    const int Draws = 16;

    /// <summary>N.</summary>
    public static IReadOnlyList<int> Counts { get; } = [10, 100, 1000, 10_000];

    /// <summary>Notes the relative error for each N, and the N at which it is 0.1 by the law 1/sqrt(N) fitted to all of them.</summary>
    public static void Study(Picture photo, int kernel, ulong seed, UnitResult result)
    {
        float[] patch = Patch(photo, kernel);
        double length = Math.Sqrt(patch.Sum(v => (double)v * v));
        double[] limit = [.. patch.Select(v => Deviation * v / length / Math.Sqrt(2 * Math.PI))];
        double size = Math.Sqrt(limit.Sum(v => v * v));
        var errors = new double[Counts.Count];
        for (int i = 0; i < errors.Length; i++)
        {
            double squares = 0;
            for (int draw = 0; draw < Draws; draw++)
                squares += Squares(patch, limit, Counts[i], seed, (ulong)(i * Draws + draw));
            errors[i] = Math.Sqrt(squares / Draws) / size;
        }

        result.Series["errors"] = errors;
        result.Numbers["needed"] = Counts.Zip(errors, (n, e) => n * e * e).Average() / (0.1 * 0.1);
    }

    static double Squares(float[] patch, double[] limit, int count, ulong seed, ulong stream)
    {
        float[] filters = new SeededWeights(seed, stream, Distribution.Gaussian(Deviation), count, patch.Length).ToArray();
        var mean = new double[patch.Length];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> filter = filters.AsSpan(i * patch.Length, patch.Length);
            double response = 0;
            for (int j = 0; j < patch.Length; j++)
                response += (double)filter[j] * patch[j];
            for (int j = 0; response > 0 && j < patch.Length; j++)
                mean[j] += filter[j] / (double)count;
        }

        return mean.Zip(limit, (a, b) => (a - b) * (a - b)).Sum();
    }

    /// <summary>The patch in the middle, less its picture's mean.</summary>
    static float[] Patch(Picture photo, int kernel)
    {
        Picture rgb = photo.ToRgb();
        double mean = 0;
        foreach (byte sample in rgb.Pixels)
            mean += (double)sample / rgb.Pixels.Length;
        Picture middle = rgb.Crop((rgb.Width - kernel) / 2, (rgb.Height - kernel) / 2, kernel, kernel);
        return [.. middle.Pixels.ToArray().Select(v => (float)((v - mean) / 255))];
    }
}
