namespace Preimage.Algorithms.Metrics;

/// <summary>A mean over images, and where the mean over all images like these lies with a given confidence.</summary>
/// <remarks>
/// Student's interval: mean -+ t(count - 1) * deviation / sqrt(count). A percentile bootstrap is too narrow for the handful of images most users have; docs/metrics.md has both measured.
/// </remarks>
/// <param name="Mean">The mean; NaN of no value.</param>
/// <param name="Low">The interval's lower end; NaN of fewer than two values.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Count">Values there are.</param>
public readonly record struct Interval(double Mean, double Low, double High, int Count)
{
    /// <summary>The interval of some values; those that are NaN could not be measured and are left out.</summary>
    /// <param name="values">The values.</param>
    /// <param name="confidence">How sure, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not between 0 and 1.</exception>
    public static Interval Of(IEnumerable<double> values, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "a confidence lies between 0 and 1");
        double[] valid = [.. values.Where(v => !double.IsNaN(v))];
        if (valid.Length == 0)
            return new Interval(double.NaN, double.NaN, double.NaN, 0);
        double mean = valid.Sum() / valid.Length;
        if (valid.Length == 1)
            return new Interval(mean, double.NaN, double.NaN, 1);
        double deviation = Math.Sqrt(valid.Sum(v => (v - mean) * (v - mean)) / (valid.Length - 1));
        double half = StudentQuantile.TwoSided(confidence, valid.Length - 1) * deviation / Math.Sqrt(valid.Length);
        return new Interval(mean, mean - half, mean + half, valid.Length);
    }
}
