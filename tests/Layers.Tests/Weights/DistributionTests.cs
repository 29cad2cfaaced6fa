using Preimage.Cpu.Draws;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Tests.Weights;

/// <summary>Random weights: their moments, their range, and the quantile they are made by.</summary>
public class DistributionTests
{
    const int Count = 200_000;

    /// <summary>Five standard errors: the mean's is sigma/sqrt(n), that of a normal deviation sigma/sqrt(2n).</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.1, 0)]
    [InlineData(2, -3)]
    public void Gaussian_moments(double deviation, double mean)
    {
        (double m, double s, _, _) = Moments(Distribution.Gaussian(deviation, mean));
        Assert.Equal(mean, m, 5 * deviation / Math.Sqrt(Count));
        Assert.Equal(deviation, s, 5 * deviation / Math.Sqrt(2 * Count));
    }

    /// <summary>Cut at two deviations the variance is 1 - 4 phi(2) / (1 - 2 Phi(-2)) = 0.77374 of what it was: a deviation of 0.87963.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.1, 0.5)]
    public void Truncated_Gaussian_moments_and_range(double deviation, double mean)
    {
        (double m, double s, double low, double high) = Moments(Distribution.TruncatedGaussian(deviation, mean));
        Assert.Equal(mean, m, 5 * deviation / Math.Sqrt(Count));
        Assert.Equal(0.87963 * deviation, s, 5 * deviation / Math.Sqrt(2 * Count));
        Assert.InRange(low, mean - 2.0001 * deviation, mean - 1.99 * deviation);
        Assert.InRange(high, mean + 1.99 * deviation, mean + 2.0001 * deviation);
    }

    [Fact]
    public void Uniform_moments_and_range()
    {
        (double m, double s, double low, double high) = Moments(Distribution.Uniform(-1, 3));
        Assert.Equal(1, m, 5 * 4 / Math.Sqrt(12.0 * Count));
        Assert.Equal(4 / Math.Sqrt(12), s, 0.01);
        Assert.InRange(low, -1, -0.999);
        Assert.InRange(high, 2.999, 3);
    }

    /// <summary>Kolmogorov's distance between the draws and the distribution function; 1.95/sqrt(n) is passed by chance once in a thousand.</summary>
    [Fact]
    public void Gaussian_shape()
    {
        float[] sorted = [.. new SeededWeights(11, 0, Distribution.Gaussian(1), Count).ToArray().Order()];
        double distance = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = sorted[i], p = x <= 0 ? NormalQuantile.Cumulative(x) : 1 - NormalQuantile.Cumulative(-x);
            distance = Math.Max(distance, Math.Max(p - (double)i / Count, (i + 1.0) / Count - p));
        }

        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(Count));
    }

    [Fact]
    public void Elements_do_not_depend_on_how_they_are_read()
    {
        var source = new SeededWeights(5, 9, Distribution.TruncatedGaussian(0.1), 7, 100);
        float[] whole = source.ToArray();
        Assert.Equal(whole, new SeededWeights(5, 9, Distribution.TruncatedGaussian(0.1), 700).ToArray());
        foreach ((int start, int length) in (ReadOnlySpan<(int, int)>)[(0, 1), (3, 255), (255, 257), (699, 1), (1, 600), (700, 0)])
        {
            var part = new float[length];
            source.Read(start, part);
            Assert.Equal(whole.AsSpan(start, length).ToArray(), part);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Read(690, new float[11]));
        Assert.NotEqual(whole, new SeededWeights(5, 10, Distribution.TruncatedGaussian(0.1), 700).ToArray());
        Assert.NotEqual(whole, new SeededWeights(6, 9, Distribution.TruncatedGaussian(0.1), 700).ToArray());
    }

    /// <summary>Values of the standard normal distribution from tables to 15 digits.</summary>
    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.5, 0)]
    [InlineData(0.8413447460685429, 1)]
    [InlineData(0.02, -2.053748910631823)]
    [InlineData(1e-10, -6.361340902404056)]
    public void Quantile_known_values(double p, double x) => Assert.Equal(x, NormalQuantile.Of(p), 2e-13 * Math.Max(1, Math.Abs(x)) + 1e-13);

    [Theory]
    [InlineData(-1, 0.15865525393145705)]
    [InlineData(-3, 0.0013498980316300946)]
    [InlineData(-10, 7.619853024160527e-24)]
    [InlineData(0, 0.5)]
    public void Cumulative_known_values(double x, double p) => Assert.Equal(1, NormalQuantile.Cumulative(x) / p, 1e-12);

    /// <summary>What is drawn is the exact quantile of its word rounded to float, or next to it: half a last place of rounding, and a thousandth of the quantile's own.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(2.0)]
    public void Draws_are_the_quantiles_of_their_words(double cut)
    {
        const int Drawn = 20_000;
        Distribution distribution = cut > 0 ? Distribution.TruncatedGaussian(1) : Distribution.Gaussian(1);
        float[] values = new SeededWeights(3, 4, distribution, Drawn).ToArray();
        var words = new uint[Drawn];
        Philox.Fill(3, 4, 0, words);
        double low = cut > 0 ? NormalQuantile.Cumulative(-cut) : 0;
        for (int i = 0; i < Drawn; i++)
        {
            double exact = NormalQuantile.Of(low + Philox.ToUnit(words[i]) * (1 - 2 * low)), place = (double)MathF.BitIncrement((float)Math.Abs(exact)) - (float)Math.Abs(exact);
            Assert.True(Math.Abs(values[i] - exact) < 0.51 * place, $"element {i} is {values[i]:R}, the quantile {exact:R}");
        }
    }

    /// <summary>From the smallest distance a word has to the farthest, and across the seam.</summary>
    [Fact]
    public void Quantile_of_the_kernels_is_right_everywhere()
    {
        double last = 0;
        foreach (double q in Enumerable.Range(0, 640).Select(e => 0.5 * Math.Pow(2, -32 + e / 20.0)).Concat(Enumerable.Range(0, 320).Select(e => 0.5 - 0.022 * Math.Pow(2, -e / 12.0)))
            .Concat([QuantileLanes.Bound, Math.BitIncrement(QuantileLanes.Bound), 0.5 - Math.Pow(2, -33)]).Where(q => q <= 0.5 - Math.Pow(2, -33)).Order())
        {
            double x = QuantileLanes.Of<DrawLanesScalar, double>(q), exact = -NormalQuantile.Of(0.5 - q);
            // The oracle's 1/2 - q is rounded by half of 1.1e-16, which moves its quantile by 2.5 times that.
            Assert.True(Math.Abs(x - exact) <= 1e-10 * exact + 3e-16, $"{x:R} at {q:R}, where {exact:R} is right");
            Assert.Equal(-x, QuantileLanes.Of<DrawLanesScalar, double>(-q));
            Assert.True(x >= last);
            last = x;
        }
    }

    [Fact]
    public void Uniform_draws_are_their_words()
    {
        float[] values = new SeededWeights(3, 4, Distribution.Uniform(-1, 3), 100).ToArray();
        var words = new uint[100];
        Philox.Fill(3, 4, 0, words);
        Assert.Equal(Array.ConvertAll(words, w => (float)(-1 + 4 * Philox.ToUnit(w))), values);
    }

    /// <summary>More elements than an array can have: any of them, but never all.</summary>
    [Fact]
    public void More_than_an_array_holds_are_read_in_part()
    {
        var weights = new SeededWeights(1, 2, Distribution.Uniform(0, 1), 1000, 112 * 112 * 256);
        Assert.Equal(3_211_264_000, weights.LongCount);
        Assert.Contains("3211264000", Assert.Throws<ShapeException>(() => weights.Count).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(weights.ToArray);
        var last = new float[5];
        weights.Read(weights.LongCount - 5, last);
        var words = new uint[5];
        Philox.Fill(1, 2, weights.LongCount - 5, words);
        Assert.Equal(Array.ConvertAll(words, w => (float)Philox.ToUnit(w)), last);
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.Read(weights.LongCount - 4, last));
    }

    /// <summary>Down to the smallest number a 32-bit word gives, on both sides of the approximations' seams.</summary>
    [Fact]
    public void Quantile_inverts_the_cumulative_function()
    {
        double last = double.NegativeInfinity;
        foreach (double p in Enumerable.Range(-320, 321).Select(e => 0.5 * Math.Pow(2, e / 10.0)).Concat([0.02424999, 0.02425, 0.02425001]).Order())
        {
            double x = NormalQuantile.Of(p);
            Assert.Equal(1, NormalQuantile.Cumulative(x) / p, 1e-11);
            Assert.True(x > last);
            // 1 - p is rounded by up to 1.1e-16, which moves the quantile by that over the density: 1e-9 out here.
            if (p > 1e-8) Assert.Equal(-x, NormalQuantile.Of(1 - p), 1e-8);
            last = x;
        }
    }

    static (double Mean, double Deviation, double Low, double High) Moments(Distribution distribution)
    {
        float[] values = new SeededWeights(3, 4, distribution, Count).ToArray();
        double mean = values.Average(v => (double)v);
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), values.Min(), values.Max());
    }
}
