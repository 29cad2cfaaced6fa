namespace Preimage.Algorithms.Metrics;

/// <summary>What a metric found of a method.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Series">Its numbers.</param>
public sealed record MetricResult(string Metric, string Method, IReadOnlyList<MetricSeries> Series)
{
    /// <summary>Where the numbers come from, for metrics that follow something along an axis.</summary>
    public IReadOnlyList<MetricCurve> Curves { get; init; } = [];

    /// <summary>What the metric and the method were set to, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>How it was measured.</summary>
    public MetricOptions Options { get; init; } = new();

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The series of a name.</summary>
    /// <exception cref="Layers.PreimageException">There is none; the message lists the names.</exception>
    public MetricSeries this[string name] => Series.FirstOrDefault(s => s.Name == name)
        ?? throw new Layers.PreimageException($"{Metric} has no series '{name}'; there are {string.Join(", ", Series.Select(s => s.Name))}");
}
