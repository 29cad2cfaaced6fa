namespace Preimage.Perf.Decoding;

/// <summary>Decoding filters of a layer, weights packed and all, beside the same operators of PyTorch, in the same run.</summary>
/// <param name="Case">Network and layer.</param>
/// <param name="Unpooling">What a pool becomes.</param>
/// <param name="Size">Rows and columns of a decoded filter.</param>
/// <param name="Filters">Filters of one run.</param>
/// <param name="Threads">Threads on both sides.</param>
/// <param name="OursMs">Median milliseconds per filter.</param>
/// <param name="OursBestMs">Least milliseconds per filter.</param>
/// <param name="Gflops">Multiply-adds of the stamping twice, per second of the least time; an algorithm that saves multiplications may be above the peak.</param>
/// <param name="PeakPercent">That in per cent of the measured peak.</param>
/// <param name="PeerMs">PyTorch's median milliseconds per filter; null where it is absent.</param>
/// <param name="PeerBestMs">PyTorch's least.</param>
/// <param name="Ratio">Ours over PyTorch's, least times.</param>
/// <param name="PeerVersion">Its version, or why it is absent.</param>
internal sealed record DecodeRow(
    string Case, string Unpooling, string Size, int Filters, int Threads, double OursMs, double OursBestMs, double Gflops, double PeakPercent,
    double? PeerMs, double? PeerBestMs, double? Ratio, string PeerVersion) : IRow
{
    /// <inheritdoc/>
    public static string Heading => "| layer | unpooling | size | filters | threads | ms/filter (best) | GFLOP/s | % of peak | PyTorch ms/filter (best) | ratio of best |\n|---|---|---|---|---|---|---|---|---|---|";

    /// <inheritdoc/>
    public string ToMarkdown() =>
        $"| {Case} | {Unpooling} | {Size} | {Filters} | {Threads} | {Row.Milliseconds(OursMs)} ({Row.Milliseconds(OursBestMs)}) | {Gflops:F0} | {PeakPercent:F0} | " +
        (PeerMs is { } peer ? $"{Row.Milliseconds(peer)} ({Row.Milliseconds(PeerBestMs!.Value)}) | {Ratio:F2} |" : $"{PeerVersion} | - |");
}
