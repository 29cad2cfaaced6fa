using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Preimage.Algorithms.Imaging;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>An experiment's results as files: results.json, NAME.md with a table for people, NAME.png with the figure.</summary>
internal static class ResultFiles
{
    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the files.</summary>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Write(string folder, Experiment experiment, IReadOnlyDictionary<string, string> settings, ExperimentReport report, int units, double seconds)
    {
        string json = Path.Combine(folder, "results.json"), page = Path.Combine(folder, $"{experiment.Name}.md"), figure = Path.Combine(folder, $"{experiment.Name}.png");
        var files = new List<string> { json, page };
        if (report.Figure is { } picture)
        {
            picture.Save(figure);
            files.Add(figure);
        }

        var document = new ResultsDocument(experiment.Name, experiment.Shows, settings, units, seconds, report.Rows, report.Notes, report.Figure is null ? null : Path.GetFileName(figure));
        AtomicFile.Write(json, stream => JsonSerializer.Serialize(stream, document, s_json));
        AtomicFile.Write(page, stream => stream.Write(Encoding.UTF8.GetBytes(Page(document))));
        return files;
    }

    static string Page(ResultsDocument document)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"# {document.Experiment}\n\n{document.Shows}\n\n");
        if (document.Figure is { } figure)
            page.Append(CultureInfo.InvariantCulture, $"![{document.Experiment}]({figure})\n\n");
        if (document.Rows.Count > 0)
        {
            page.Append("| what | paper | here | unit | holds |\n|---|---|---:|---|---|\n");
            foreach (ResultRow row in document.Rows)
                page.Append(CultureInfo.InvariantCulture, $"| {Cell(row.Name)} | {Cell(row.Paper)} | {ResultRow.Text(row.Ours)} | {row.Unit} | {ResultRow.Verdict(row.Holds)} |\n");
            page.Append('\n');
        }

        foreach (string note in document.Notes)
            page.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        page.Append(CultureInfo.InvariantCulture, $"\n{document.Units} units of work, {document.Seconds:F0} s of computing in all.\n\n| setting | value |\n|---|---|\n");
        foreach ((string name, string value) in document.Settings)
            page.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {Cell(value)} |\n");
        return page.ToString();
    }

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    sealed record ResultsDocument(
        string Experiment, string Shows, IReadOnlyDictionary<string, string> Settings, int Units, double Seconds, IReadOnlyList<ResultRow> Rows, IReadOnlyList<string> Notes, string? Figure);
}
