using System.Diagnostics;
using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>A metric that could not be asked of a method.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Reason">Why not.</param>
public sealed record MetricFailure(string Metric, string Method, string Reason);

/// <summary>What several metrics found of several methods on the same images.</summary>
/// <param name="Results">What was found, metric by metric.</param>
/// <param name="Failures">What could not be asked.</param>
public sealed partial record MetricTable(IReadOnlyList<MetricResult> Results, IReadOnlyList<MetricFailure> Failures)
{
    /// <summary>Asks every metric of every method.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="methods">The methods, all on networks that take the images.</param>
    /// <param name="inputs">NCHW values as the network takes them, any number of images.</param>
    /// <param name="options">What is common to all metrics, or null for the defaults.</param>
    /// <param name="progress">Told as images are done; parts and times are of the whole table.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">No metric could be asked of any method; otherwise those that could not are listed.</exception>
    public static MetricTable Measure(
        IReadOnlyList<AttributionMetric> metrics, IReadOnlyList<AttributionMethod> methods, Tensor<float> inputs, MetricOptions? options = null,
        IProgress<MetricProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(methods);
        var results = new List<MetricResult>();
        var failures = new List<MetricFailure>();
        var clock = Stopwatch.StartNew();
        int total = metrics.Count * methods.Count;
        foreach (AttributionMetric metric in metrics)
        {
            foreach (AttributionMethod method in methods)
            {
                int done = results.Count + failures.Count;
                try
                {
                    results.Add(metric.Measure(method, inputs, options, progress is null ? null : new Share(progress, clock, done, total), cancellation));
                }
                catch (PreimageException e) when (total > 1)
                {
                    // Hours of other numbers are not thrown away for one that cannot be had.
                    failures.Add(new MetricFailure(metric.Name, method.Name, e.Message));
                }
            }
        }

        return results.Count > 0 || total == 0
            ? new MetricTable(results, failures)
            : throw new PreimageException($"no metric could be asked of any method, first {failures[0].Metric} of {failures[0].Method}: {failures[0].Reason}");
    }

    sealed class Share(IProgress<MetricProgress> progress, Stopwatch clock, int done, int total) : IProgress<MetricProgress>
    {
        public void Report(MetricProgress value)
        {
            double part = (done + value.Part) / total;
            progress.Report(value with { Part = part, Left = part > 0 ? clock.Elapsed * ((1 - part) / part) : null });
        }
    }
}
