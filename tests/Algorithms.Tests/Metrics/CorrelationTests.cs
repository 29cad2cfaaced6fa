using Preimage.Algorithms.Metrics;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class CorrelationTests
{
    [Fact]
    public void Pearson_IgnoresScaleAndOffset()
    {
        float[] a = [1, 2, 4, 8], b = [-3, -5, -9, -17];
        Assert.Equal(1, Correlation.Pearson(a, a), 12);
        Assert.Equal(-1, Correlation.Pearson(a, b), 12);
    }

    [Fact]
    public void Pearson_ByHand() =>
        // Deviations (-1, 0, 1) and (-2, 3, -1): 1 / sqrt(2 * 14).
        Assert.Equal(1 / Math.Sqrt(28), Correlation.Pearson([0, 1, 2], [1, 6, 2]), 12);

    [Fact]
    public void Pearson_ConstantHasNone() => Assert.True(double.IsNaN(Correlation.Pearson([1, 1, 1], [1, 2, 3])));

    [Fact]
    public void Pearson_RefusesArraysOfDifferentLength() =>
        Assert.Contains("2 and 3", Assert.Throws<ArgumentException>(() => Correlation.Pearson([1, 2], [1, 2, 3])).Message, StringComparison.Ordinal);
}
