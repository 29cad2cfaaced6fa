using Preimage.Algorithms.Metrics;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class IntervalTests
{
    /// <summary>As printed in tables of Student's distribution.</summary>
    [Theory]
    [InlineData(0.95, 1, 12.7062)]
    [InlineData(0.95, 4, 2.7764)]
    [InlineData(0.95, 9, 2.2622)]
    [InlineData(0.95, 29, 2.0452)]
    [InlineData(0.99, 10, 3.1693)]
    [InlineData(0.95, 1000, 1.9623)]
    public void Quantiles_are_the_tables(double confidence, int degrees, double expected) =>
        Assert.Equal(expected, StudentQuantile.TwoSided(confidence, degrees), 4);

    [Fact]
    public void An_interval_by_hand()
    {
        // Mean 2.5, deviation sqrt(5/3), t(3) = 3.18245: half = 3.18245 * 1.29099 / 2 = 2.05426.
        Interval interval = Interval.Of([1, 2, double.NaN, 3, 4]);
        Assert.Equal((2.5, 4), (interval.Mean, interval.Count));
        Assert.Equal(2.5 - 2.05426, interval.Low, 4);
        Assert.Equal(2.5 + 2.05426, interval.High, 4);
    }

    [Fact]
    public void One_value_has_a_mean_and_no_interval()
    {
        Interval one = Interval.Of([7]), none = Interval.Of([double.NaN]);
        Assert.Equal((7, 1, true, true), (one.Mean, one.Count, double.IsNaN(one.Low), double.IsNaN(one.High)));
        Assert.Equal((0, true), (none.Count, double.IsNaN(none.Mean)));
    }

    [Fact]
    public void A_confidence_lies_between_0_and_1() =>
        Assert.Contains("between 0 and 1", Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Of([1, 2], 1)).Message, StringComparison.Ordinal);
}
