namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Means and deviations over pictures.</summary>
internal static class Statistics
{
    /// <summary>The mean.</summary>
    public static double Mean(IReadOnlyCollection<double> values) => values.Sum() / values.Count;

    /// <summary>The standard deviation of a sample, NaN of a single value.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        double mean = Mean(values);
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }

    /// <summary>The part of neighbouring values of which the second is smaller.</summary>
    public static double Falling(IReadOnlyList<double> values) => Enumerable.Range(1, values.Count - 1).Count(i => values[i] < values[i - 1]) / (double)(values.Count - 1);

    /// <summary>The deviation in words for a row's name, or nothing of a single value.</summary>
    public static string Spread(IReadOnlyCollection<double> values) =>
        values.Count > 1 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" (+- {Deviation(values):0.0} over {values.Count} pictures)") : "";
}
