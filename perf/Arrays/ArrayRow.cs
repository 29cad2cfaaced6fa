namespace Preimage.Perf.Arrays;

/// <summary>One operator on arrays beside a plain copy of an array as large, in the same run.</summary>
/// <param name="Case">The operator.</param>
/// <param name="Shape">The images.</param>
/// <param name="Threads">Threads.</param>
/// <param name="OursMs">Median milliseconds.</param>
/// <param name="OursBestMs">Least milliseconds.</param>
/// <param name="Gigabytes">Bytes the operator reads and writes at least, per second of the least time; null where it is no matter of bytes.</param>
/// <param name="CopyGigabytes">The same of one thread's copy of an array of that shape.</param>
internal sealed record ArrayRow(string Case, string Shape, int Threads, double OursMs, double OursBestMs, double? Gigabytes, double CopyGigabytes) : IRow
{
    /// <inheritdoc/>
    public static string Heading => "| operator | images | threads | ms (best) | GB/s | copy GB/s |\n|---|---|---|---|---|---|";

    /// <inheritdoc/>
    public string ToMarkdown() =>
        $"| {Case} | {Shape} | {Threads} | {OursMs:F4} ({OursBestMs:F4}) | {(Gigabytes is { } g ? $"{g:F1}" : "-")} | {CopyGigabytes:F1} |";
}
