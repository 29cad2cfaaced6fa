using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>A table for every metric: the methods below each other, each number with its interval over the pictures.</summary>
internal static class MetricExhibits
{
    /// <summary>Measures methods by a metric; null where it cannot be asked of this network.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="subject">The network.</param>
    /// <param name="inputs">The pictures.</param>
    /// <param name="seed">Where draws start.</param>
    /// <param name="leftOut">Receives why there is none.</param>
    /// <param name="parts">Told how far it is.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    public static TableExhibit? Make(
        AttributionMetric metric, IReadOnlyList<CataloguedMethod> methods, GallerySubject subject, IReadOnlyList<PreparedInput> inputs, ulong seed,
        List<string> leftOut, IProgress<double> parts, CancellationToken cancellation)
    {
        var options = new MetricOptions { Seed = seed, Pixels = PixelScale.Of(inputs[0].Preprocessing) };
        Tensor<float> stacked = Stack(inputs);
        var results = new List<(CataloguedMethod Method, MetricResult Result)>();
        var refused = new List<string>();
        foreach (CataloguedMethod method in methods)
        {
            int done = results.Count + refused.Count;
            try
            {
                var progress = new Relay<MetricProgress>(parts, p => (done + p.Part) / methods.Count);
                results.Add((method, metric.Measure(method.Make(subject.Engine), stacked, options, progress, cancellation)));
            }
            catch (PreimageException e)
            {
                refused.Add($"{method.Title}: {e.Message}");
            }
        }

        if (results.Count == 0)
        {
            leftOut.Add($"The metric {metric.Name} is left out: {refused[0]}");
            return null;
        }

        IReadOnlyList<MetricSeries> first = results[0].Result.Series;
        return new TableExhibit
        {
            Title = $"Measured: {metric.Name.Replace('-', ' ')}",
            LookFor = metric.Meaning,
            Id = $"metric-{metric.Name}",
            RowHeader = "Method",
            Columns = [.. first.Select(s => new GalleryColumn(s.Name.Replace('-', ' '), "", Direction(s.Better)))],
            Rows = [.. results.Select(r => new GalleryRow(r.Method.Title, [.. r.Result.Series.Select(s => Cell(s))]))],
            Facts =
            [
                new("pictures", $"{inputs.Count}"), .. results[0].Result.Settings.Where(s => metric.Settings.Contains(s)).Select(s => new GalleryFact(s.Key, s.Value)),
                new("interval", string.Create(CultureInfo.InvariantCulture, $"{100 * options.Confidence:F0} % over pictures")), new("seed", $"{seed}"),
            ],
            Notes = refused,
            Command = subject.Commands?.Measure(inputs.Select(i => i.Source), metric.Name, results.Select(r => r.Method.Name), seed),
        };
    }

    static GalleryCell Cell(MetricSeries series)
    {
        string? text = series.LeftOut == 0 ? null : series.LeftOut == series.Values.Count ? "no signal" : $"{series.LeftOut} of {series.Values.Count} without signal";
        return new GalleryCell(Finite(series.Mean.Mean), Finite(series.Mean.Low), Finite(series.Mean.High), text);
    }

    static double? Finite(double number) => double.IsFinite(number) ? number : null;

    static BetterWhen Direction(Better better) => better switch { Better.Higher => BetterWhen.Higher, Better.Lower => BetterWhen.Lower, _ => BetterWhen.Neither };

    /// <summary>All pictures as one array.</summary>
    static Tensor<float> Stack(IReadOnlyList<PreparedInput> inputs)
    {
        int size = (int)inputs[0].Tensor.FlattenedLength;
        var values = new float[inputs.Count * size];
        for (int n = 0; n < inputs.Count; n++)
            inputs[n].Tensor.FlattenTo(values.AsSpan(n * size, size));
        return Tensor.Create(values, [inputs.Count, .. inputs[0].Tensor.Lengths[1..]]);
    }
}
