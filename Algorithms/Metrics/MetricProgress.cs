namespace Preimage.Algorithms.Metrics;

/// <summary>How far a measurement is.</summary>
/// <param name="Metric">What is measured.</param>
/// <param name="Method">Whose maps.</param>
/// <param name="Part">The part that is done, 0 to 1, of all there is to do.</param>
/// <param name="Left">The time left if it goes on as so far, or null at the start.</param>
public readonly record struct MetricProgress(string Metric, string Method, double Part, TimeSpan? Left);
