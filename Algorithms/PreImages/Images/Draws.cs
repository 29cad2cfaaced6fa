using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>What a search draws from its seed. Every restart and every phase has a stream of its own.</summary>
internal static class Draws
{
    /// <summary>The part of samples that noise brings below 1 (reference specification 6.3).</summary>
    const double Quantile = 0.95;

    // Restarts count from 0 below it.
    const ulong JitterStreams = 1UL << 40, ViewStreams = 1UL << 41;

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

    /// <summary>For every iteration of a phase, where each pixel of the window is seen in the canvas (<see cref="Layers.Loops.IArrayOperators.Warp"/>): turned and magnified about the
    /// window's centre, which lies where the offsets have it.</summary>
    /// <param name="seed">The search's.</param>
    /// <param name="phase">The phase, from 0.</param>
    /// <param name="transforms">What is drawn.</param>
    /// <param name="offsets">The window's first row and column in each iteration.</param>
    /// <param name="window">The window.</param>
    public static float[] Views(ulong seed, int phase, ImageTransforms transforms, ReadOnlySpan<int> offsets, Shape window)
    {
        var words = new uint[offsets.Length];
        Philox.Fill(seed, ViewStreams + (ulong)phase, 0, words);
        double y = (window.H - 1) / 2.0, x = (window.W - 1) / 2.0;
        var views = new float[3 * offsets.Length];
        for (int i = 0; i < offsets.Length; i += 2)
        {
            double scale = transforms.MinimumScale + Philox.ToUnit(words[i]) * (transforms.MaximumScale - transforms.MinimumScale);
            double angle = (2 * Philox.ToUnit(words[i + 1]) - 1) * transforms.Rotation * Math.PI / 180;
            double cosine = Math.Cos(angle) / scale, sine = Math.Sin(angle) / scale;
            ReadOnlySpan<double> view = [cosine, -sine, offsets[i] + y - cosine * y + sine * x, sine, cosine, offsets[i + 1] + x - sine * y - cosine * x];
            for (int j = 0; j < view.Length; j++)
                views[3 * i + j] = (float)view[j];
        }

        return views;
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
