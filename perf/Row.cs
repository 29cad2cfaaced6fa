namespace Preimage.Perf;

/// <summary>One measurement of ours beside one of a peer, in the same run.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Case">What was run.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Threads">Threads on both sides.</param>
/// <param name="OursMs">Median milliseconds of ours.</param>
/// <param name="OursBestMs">Least milliseconds of ours.</param>
/// <param name="PeakPercent">Multiply-adds of the problem per second of our median, in per cent of the measured peak; null where nothing multiplies.
/// An algorithm that saves multiplications may be above 100.</param>
/// <param name="Peer">The peer, or empty where there is none.</param>
/// <param name="PeerMs">Median milliseconds of the peer.</param>
/// <param name="PeerBestMs">Least milliseconds of the peer.</param>
/// <param name="Ratio">Ours over the peer's, medians.</param>
/// <param name="BestRatio">Ours over the peer's, least times: what noise disturbs least.</param>
/// <param name="PeerVersion">The peer's version, or why it is absent.</param>
internal sealed record Row(
    string Suite, string Case, int Batch, int Threads, double OursMs, double OursBestMs, double? PeakPercent,
    string Peer, double? PeerMs, double? PeerBestMs, double? Ratio, double? BestRatio, string PeerVersion) : IRow
{
    /// <inheritdoc/>
    public static string Heading => "| case | batch | threads | ours ms (best) | % of peak | peer | peer ms (best) | ratio (best) |\n|---|---|---|---|---|---|---|---|";

    /// <summary>A row of two timings.</summary>
    /// <param name="multiplyAdds">Of one run of ours.</param>
    public static Row Of(
        SuiteOptions options, string suite, string name, int batch, int threads, double multiplyAdds, Timing ours, string peer, string version, Timing? theirs) =>
        new(suite, name, batch, threads, Short(ours.Median), Short(ours.Best),
            multiplyAdds > 0 ? Short(100 * 2 * multiplyAdds / (ours.Median / 1000) / options.Peak(threads).PeakFlops) : null,
            peer, Short(theirs?.Median), Short(theirs?.Best), Short(ours.Median / theirs?.Median), Short(ours.Best / theirs?.Best), version);

    /// <inheritdoc/>
    public string ToMarkdown() =>
        $"| {Case} | {Batch} | {Threads} | {Milliseconds(OursMs)} ({Milliseconds(OursBestMs)}) | {(PeakPercent is { } p ? $"{p:F0}" : "-")} | " +
        (Peer.Length > 0 ? $"{Peer} {PeerVersion} | " : "- | ") +
        (PeerMs is null ? "- | - |" : $"{Milliseconds(PeerMs.Value)} ({Milliseconds(PeerBestMs!.Value)}) | {Ratio:F2} ({BestRatio:F2}) |");

    /// <summary>A time with three digits or so.</summary>
    public static string Milliseconds(double value) => value < 1 ? $"{value:F3}" : value < 10 ? $"{value:F2}" : $"{value:F1}";

    // More digits than the clock is good for would make the committed files change without a reason.
    static double Short(double value) => Math.Round(value, 4);

    static double? Short(double? value) => value is { } v ? Short(v) : null;
}
