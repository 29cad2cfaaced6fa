using System.Text.Json;
using Preimage.Algorithms.Metrics;
using Preimage.Cli.Documents;

namespace Preimage.Cli.Measuring;

/// <summary>What <c>measure --json</c> prints.</summary>
internal sealed record MeasureDocument(
    ModelDocument Model, string Device, string Precision, IReadOnlyList<LibraryDocument> Libraries, string? Preprocessing, bool PreprocessingGuessed, IReadOnlyList<string> Images,
    JsonElement Results, JsonElement Failures)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{model{path,sha256}, device, precision, " + LibraryDocument.Form + ", preprocessing, preprocessingGuessed, images[], results[{metric, method, series[{name, better, mean, low, " +
        "high, count, leftOut, testable, values[]}], curves[{name, axis, points[]}], settings{}, target, seed, confidence, seconds}], failures[{metric, method, reason}]}; values are one per image, NaN " +
        "where it could not be measured.";

    /// <summary>The document with a table in it.</summary>
    public MeasureDocument With(MetricTable table)
    {
        using JsonDocument json = JsonDocument.Parse(table.ToJson());
        return this with { Results = json.RootElement.GetProperty("results").Clone(), Failures = json.RootElement.GetProperty("failures").Clone() };
    }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DocumentContext.Default.MeasureDocument);

    /// <summary>As Markdown: what was measured, then the table.</summary>
    public string ToMarkdown(MetricTable table) => $"# {Path.GetFileName(Model.Path)}\n\n" +
        $"- model: {Model}\n- device: {Device}, precision {Precision}\n- preprocessing: {PreprocessingText}\n- images: {string.Join(", ", Images)}\n\n{table.ToMarkdown()}";

    /// <summary>How pictures became inputs.</summary>
    public string PreprocessingText => Preprocessing is null ? "none: arrays are the network's input as they are" : $"{Preprocessing}{(PreprocessingGuessed ? " (a guess)" : "")}";
}
