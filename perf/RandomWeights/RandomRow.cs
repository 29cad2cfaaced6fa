namespace Preimage.Perf.RandomWeights;

/// <summary>How fast random weights are drawn, and what networks cost whose weights are never stored.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Case">What was run.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Isa">The instruction set.</param>
/// <param name="Ms">Median milliseconds.</param>
/// <param name="BestMs">Least milliseconds.</param>
/// <param name="MillionPerSecond">Millions of weights drawn per second at best, or null where not counted.</param>
/// <param name="PeakMb">Peak resident memory of the process so far, in millions of bytes; null where it says nothing.</param>
internal sealed record RandomRow(string Suite, string Case, int Threads, string Isa, double Ms, double BestMs, double? MillionPerSecond, double? PeakMb) : IRow
{
    /// <inheritdoc/>
    public static string Heading => "| case | threads | instructions | ms (best) | million weights/s | peak resident MB |\n|---|---|---|---|---|---|";

    /// <inheritdoc/>
    public string ToMarkdown() => $"| {Case} | {Threads} | {Isa} | {Row.Milliseconds(Ms)} ({Row.Milliseconds(BestMs)}) | " +
        $"{(MillionPerSecond is { } m ? $"{m:F0}" : "-")} | {(PeakMb is { } p ? $"{p:F0}" : "-")} |";
}
