using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Metrics;

public sealed partial record MetricTable
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter<Better>(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A Markdown table for each metric: a row for each method, a column for each number.</summary>
    public string ToMarkdown()
    {
        var page = new StringBuilder();
        foreach (IGrouping<string, MetricResult> metric in Results.GroupBy(r => r.Metric))
        {
            MetricResult first = metric.First();
            page.Append(CultureInfo.InvariantCulture, $"## {metric.Key}\n\n| method |{string.Concat(first.Series.Select(s => $" {s.Name}{Arrow(s.Better)} |"))}\n|---|{string.Concat(first.Series.Select(_ => "---:|"))}\n");
            foreach (MetricResult result in metric)
                page.Append(CultureInfo.InvariantCulture, $"| {result.Method} |{string.Concat(result.Series.Select(s => $" {Cell(s)} |"))}\n");
            page.Append(CultureInfo.InvariantCulture, $"\n{first.Series[0].Values.Count} images, {100 * first.Options.Confidence:G4} % intervals of the mean, seed {first.Options.Seed}\n\n");
        }

        foreach (MetricFailure failure in Failures)
            page.Append(CultureInfo.InvariantCulture, $"- {failure.Metric} of {failure.Method}: {failure.Reason}\n");
        return page.ToString();
    }

    /// <summary>Everything as JSON: {results[{metric, method, series[{name, better, mean, low, high, count, leftOut, testable, values[]}], curves[{name, axis, points[...]}], settings{}, seconds}], failures[]}.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new TableDocument([.. Results.Select(Document)], Failures), s_json);

    /// <summary>Writes the table, as JSON for .json and as Markdown for .md.</summary>
    /// <exception cref="ArgumentException">The file has another extension.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string text = Path.GetExtension(path) switch
        {
            ".md" => ToMarkdown(),
            ".json" => ToJson() + "\n",
            _ => throw new ArgumentException($"{path}: tables are written as .md or .json", nameof(path)),
        };
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A mean with its interval, as tables show it.</summary>
    public static string Cell(MetricSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        string left = series.LeftOut > 0 ? string.Create(CultureInfo.InvariantCulture, $", {series.LeftOut} left out") : "";
        if (!series.Testable)
            return $"not testable{left}";
        Interval mean = series.Mean;
        string between = double.IsNaN(mean.Low) ? "" : string.Create(CultureInfo.InvariantCulture, $" [{mean.Low:G3}, {mean.High:G3}]");
        return string.Create(CultureInfo.InvariantCulture, $"{mean.Mean:G3}{between}{left}");
    }

    static string Arrow(Better better) => better switch { Better.Higher => " ↑", Better.Lower => " ↓", _ => "" };

    static ResultDocument Document(MetricResult r) => new(
        r.Metric, r.Method, [.. r.Series.Select(Document)], [.. r.Curves.Select(c => new CurveDocument(c.Name, c.Axis, [.. c.Points.Select(Document)]))],
        r.Settings.ToDictionary(), $"{r.Options.Target}", r.Options.Seed, r.Options.Confidence, Math.Round(r.Elapsed.TotalSeconds, 3));

    static SeriesDocument Document(MetricSeries s) => new(s.Name, s.Better, s.Mean.Mean, s.Mean.Low, s.Mean.High, s.Mean.Count, s.LeftOut, s.Testable, s.Values);

    sealed record TableDocument(IReadOnlyList<ResultDocument> Results, IReadOnlyList<MetricFailure> Failures);

    sealed record ResultDocument(
        string Metric, string Method, IReadOnlyList<SeriesDocument> Series, IReadOnlyList<CurveDocument> Curves, IReadOnlyDictionary<string, string> Settings, string Target, ulong Seed,
        double Confidence, double Seconds);

    sealed record CurveDocument(string Name, string Axis, IReadOnlyList<SeriesDocument> Points);

    sealed record SeriesDocument(string Name, Better Better, double Mean, double Low, double High, int Count, int LeftOut, bool Testable, IReadOnlyList<double> Values);
}
