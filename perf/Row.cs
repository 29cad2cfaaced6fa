using System.Text.Json;

namespace Preimage.Perf;

/// <summary>One measurement of ours beside one of a peer, in the same run.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Case">What was run.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Threads">Threads on both sides.</param>
/// <param name="OursMs">Median milliseconds of ours.</param>
/// <param name="OursBestMs">Least milliseconds of ours.</param>
/// <param name="PeakPercent">Multiply-adds of ours per second of the median, in per cent of the measured peak.</param>
/// <param name="Peer">The peer, or empty.</param>
/// <param name="PeerMs">Median milliseconds of the peer.</param>
/// <param name="PeerBestMs">Least milliseconds of the peer.</param>
/// <param name="Ratio">Ours over the peer's, medians.</param>
/// <param name="PeerVersion">The peer's version, or why it is absent.</param>
internal sealed record Row(
    string Suite, string Case, int Batch, int Threads, double OursMs, double OursBestMs, double PeakPercent,
    string Peer, double? PeerMs, double? PeerBestMs, double? Ratio, string PeerVersion)
{
    static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>The heading of <see cref="ToMarkdown"/>'s lines.</summary>
    public const string Heading = "| case | batch | threads | ours ms (best) | % of peak | peer | peer ms (best) | ratio |\n|---|---|---|---|---|---|---|---|";

    /// <summary>A line of a Markdown table.</summary>
    public string ToMarkdown() => $"| {Case} | {Batch} | {Threads} | {OursMs:F1} ({OursBestMs:F1}) | {PeakPercent:F0} | {Peer} {PeerVersion} | " +
        (PeerMs is null ? "- | - |" : $"{PeerMs:F1} ({PeerBestMs:F1}) | {Ratio:F2} |");

    /// <summary>Writes rows as JSON.</summary>
    public static void Save(string path, IEnumerable<Row> rows) => File.WriteAllText(path, JsonSerializer.Serialize(rows, s_json));
}
