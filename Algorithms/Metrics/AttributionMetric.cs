using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;

namespace Preimage.Algorithms.Metrics;

/// <summary>A question asked of an attribution method, and answered by numbers. Holds no state; safe to use from several threads.</summary>
/// <remarks>
/// A map without signal, all zero or with values that are not finite, cannot be measured: its image counts as left out (NaN). What is said of an image does not
/// depend on the others.
/// </remarks>
public abstract class AttributionMetric
{
    private protected AttributionMetric() { }

    /// <summary>The short name, as <see cref="MetricCatalogue"/> lists it.</summary>
    public abstract string Name { get; }

    /// <summary>What the numbers say, in a sentence.</summary>
    public abstract string Meaning { get; }

    /// <summary>What the metric is set to, by name; kept with every result.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Settings => [];

    /// <summary>Measures a method on images.</summary>
    /// <param name="method">The method, on a network of one input.</param>
    /// <param name="inputs">NCHW values as the network takes them, any number of images.</param>
    /// <param name="options">What is common to all metrics, or null for the defaults.</param>
    /// <param name="progress">Told as images are done.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="PreimageException">The images do not fit the network, or the metric cannot be asked of it: the message says why.</exception>
    public MetricResult Measure(
        AttributionMethod method, Tensor<float> inputs, MetricOptions? options = null, IProgress<MetricProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(inputs);
        var run = new MetricRun(this, method, inputs, options ?? new MetricOptions(), progress, cancellation);
        Run(run);
        return run.Result();
    }

    /// <summary>The numbers there are for every image, and which way they point.</summary>
    internal abstract IReadOnlyList<MetricColumn> Columns { get; }

    /// <summary>Measures; numbers that are not set stay NaN.</summary>
    internal abstract void Run(MetricRun run);
}

/// <summary>A number of a metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Better">Which way it points.</param>
internal readonly record struct MetricColumn(string Name, Better Better);
