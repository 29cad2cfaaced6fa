namespace Preimage.Algorithms.Metrics;

/// <summary>Numbers that go together along an axis: stages of a network, parts of a picture.</summary>
/// <param name="Name">What the numbers are.</param>
/// <param name="Axis">What the places along it are.</param>
/// <param name="Points">A series per place, named after the place, in order.</param>
public sealed record MetricCurve(string Name, string Axis, IReadOnlyList<MetricSeries> Points);
