using Preimage.Layers.Weights;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>What a search draws from its seed. Every restart and every phase has a stream of its own.</summary>
internal static class Draws
{
    /// <summary>The part of samples that noise brings below 1 (reference specification 6.3).</summary>
    const double Quantile = 0.95;

    // Restarts count from 0 below it.
    const ulong JitterStreams = 1UL << 40;

    /// <summary>A restart's first canvas: uniform noise over its 0.95 quantile, times B / sqrt(3), whatever the number of channels.</summary>
    public static void Noise(ulong seed, int restart, double bound, Span<float> canvas)
    {
        var words = new uint[canvas.Length];
        Philox.Fill(seed, (ulong)restart, 0, words);
        double[] samples = Array.ConvertAll(words, w => 2 * Philox.ToUnit(w) - 1);
        double[] sorted = [.. samples];
        Array.Sort(sorted);
        double factor = bound / Math.Sqrt(3) / QuantileOf(sorted);
        for (int i = 0; i < samples.Length; i++)
            canvas[i] = (float)(samples[i] * factor);
    }

    /// <summary>A row and a column of 0 to places - 1 for every iteration of a phase.</summary>
    public static int[] Offsets(ulong seed, int phase, int iterations, int places)
    {
        var words = new uint[2 * iterations];
        Philox.Fill(seed, JitterStreams + (ulong)phase, 0, words);
        return Array.ConvertAll(words, w => (int)(Philox.ToUnit(w) * places));
    }

    /// <summary>The quantile of sorted samples: sample i of n, from 0, is that of the probability (i + 0.5) / n, linear between.</summary>
    static double QuantileOf(double[] sorted)
    {
        double place = Math.Clamp(Quantile * sorted.Length - 0.5, 0, sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        double quantile = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
        // Of a handful of samples all may be negative; then the quantile of the distribution itself.
        return quantile > 0 ? quantile : 2 * Quantile - 1;
    }
}
