using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>The metrics by name, with their defaults; a further metric is its file and a line here.</summary>
public static class MetricCatalogue
{
    static readonly AttributionMetric[] s_metrics =
    [
        new ClassSensitivity(),
        new Deletion(),
        new Insertion(),
        new ImageRecovery(),
        new WeightRandomisation(),
        new AdversarialStability(),
        new Infidelity(),
        new MaxSensitivity(),
    ];

    /// <summary>All metrics.</summary>
    public static IReadOnlyList<AttributionMetric> All => s_metrics;

    /// <summary>The metric of a name.</summary>
    /// <exception cref="PreimageException">There is none; the message lists the names.</exception>
    public static AttributionMetric ByName(string name) => Array.Find(s_metrics, m => m.Name == name)
        ?? throw new PreimageException($"there is no metric '{name}'; there are {string.Join(", ", s_metrics.Select(m => m.Name))}");
}
