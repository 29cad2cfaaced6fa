namespace Preimage.Algorithms.Metrics;

/// <summary>One number of a metric for every image.</summary>
/// <param name="Name">What the number is.</param>
/// <param name="Values">A value per image; NaN where it could not be measured, such as of a map without signal.</param>
/// <param name="Mean">The mean of those that could, with its interval.</param>
/// <param name="LeftOut">How many could not.</param>
public sealed record MetricSeries(string Name, IReadOnlyList<double> Values, Interval Mean, int LeftOut)
{
    /// <summary>Which way the number points.</summary>
    public Better Better { get; init; }

    /// <summary>Whether at least 90 % of the images could be measured; below, a mean says more about which could than about the method.</summary>
    public bool Testable => Values.Count > 0 && 10 * (Values.Count - LeftOut) >= 9 * Values.Count;

    /// <summary>A series of values.</summary>
    internal static MetricSeries Of(string name, IReadOnlyList<double> values, double confidence, Better better) =>
        new(name, values, Interval.Of(values, confidence), values.Count(double.IsNaN)) { Better = better };
}
