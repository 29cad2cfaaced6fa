namespace Preimage.Perf.Gpu;

/// <summary>One measurement of ours on a GPU beside one of PyTorch on the same, in the same run.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Case">Network and pass.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Precision">fp32 or tf32, on both sides.</param>
/// <param name="OursMs">Median milliseconds of ours.</param>
/// <param name="OursBestMs">Least milliseconds of ours.</param>
/// <param name="SamplesPerSecond">Samples of ours per second, by the median.</param>
/// <param name="PackedMb">Bytes of our packed weights on the device, in millions.</param>
/// <param name="PlanMb">Bytes of our plan on the device, in millions.</param>
/// <param name="Peer">The peer and its mode, or empty.</param>
/// <param name="PeerMs">Median milliseconds of the peer.</param>
/// <param name="PeerBestMs">Least milliseconds of the peer.</param>
/// <param name="Ratio">Ours over the peer's, medians.</param>
/// <param name="BestRatio">Ours over the peer's, least times.</param>
/// <param name="Bar">The ratio that is good enough, where one is set.</param>
/// <param name="OursVersion">Versions of the libraries we called.</param>
/// <param name="PeerVersion">The peer's versions, or why it is absent.</param>
internal sealed record GpuRow(
    string Suite, string Case, int Batch, string Precision, double OursMs, double OursBestMs, double SamplesPerSecond, double PackedMb, double PlanMb,
    string Peer, double? PeerMs, double? PeerBestMs, double? Ratio, double? BestRatio, double? Bar, string OursVersion, string PeerVersion) : IRow
{
    /// <inheritdoc/>
    public static string Heading =>
        "| case | batch | precision | ours ms (best) | samples/s | packed + plan MB | peer | peer ms (best) | ratio (best) | bar |\n|---|---|---|---|---|---|---|---|---|---|";

    /// <summary>A row of two timings.</summary>
    public static GpuRow Of(GpuCase measured, string suffix, GpuRun run, Timing ours, string peer, Timing? theirs, double? bar, string oursVersion, string peerVersion) => new(
        "gpu", $"{measured.Network} {measured.Pass.Name}{suffix}", measured.Batch, measured.Arithmetic, Short(ours.Median), Short(ours.Best),
        Math.Round(measured.Batch / ours.Median * 1000, 1), Math.Round(run.PackedBytes / 1e6, 1), Math.Round(run.PlanBytes / 1e6, 1), peer,
        theirs is null ? null : Short(theirs.Median), theirs is null ? null : Short(theirs.Best),
        theirs is null ? null : Short(ours.Median / theirs.Median), theirs is null ? null : Short(ours.Best / theirs.Best),
        theirs is null || bar is null ? null : Short(bar.Value), oursVersion, peerVersion);

    /// <inheritdoc/>
    public string ToMarkdown() =>
        $"| {Case} | {Batch} | {Precision} | {Row.Milliseconds(OursMs)} ({Row.Milliseconds(OursBestMs)}) | {SamplesPerSecond:F0} | {PackedMb:F0} + {PlanMb:F0} | " +
        (Peer.Length == 0 ? "- | - | - | - |"
            : PeerMs is null ? $"{Peer}: {PeerVersion} | - | - | - |"
            : $"{Peer} | {Row.Milliseconds(PeerMs.Value)} ({Row.Milliseconds(PeerBestMs!.Value)}) | {Ratio:F2} ({BestRatio:F2}) | " +
                (Bar is null ? "- |" : $"{Bar:F2} {(Ratio <= Bar ? "met" : "MISSED")} |"));

    static double Short(double value) => Math.Round(value, 4);
}
