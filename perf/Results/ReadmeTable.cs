using System.Text;
using Preimage.Perf.Memory;

namespace Preimage.Perf.Results;

/// <summary>The performance tables of README.md, made from the committed results of every processor.</summary>
internal static class ReadmeTable
{
    /// <summary>What stands before and after them in the page.</summary>
    public const string Start = "<!-- perf: written by `dotnet run -c Release --project perf -- readme` -->\n", End = "<!-- /perf -->";

    // The source tree, seen from the build's output.
    static readonly string s_root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    static readonly string[] s_suites = ["network", "gemm", "conv", "memory", "coldstart"];

    /// <summary>Writes them into the page.</summary>
    public static int Rewrite()
    {
        string page = Path.Combine(s_root, "README.md"), text = File.ReadAllText(page);
        int start = text.IndexOf(Start, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            Console.Error.WriteLine($"{page} has no '{Start.Trim()}' with a '{End}' behind it");
            return 1;
        }

        File.WriteAllText(page, text[..(start + Start.Length)] + Of(Path.Combine(s_root, "perf/results")) + text[end..]);
        return 0;
    }

    /// <summary>The tables of a folder that holds a folder per processor.</summary>
    public static string Of(string results)
    {
        var text = new StringBuilder();
        // Runs on a GPU lie in folders of their own and have a table of their own.
        string[] folders = [.. Directory.EnumerateDirectories(results).Where(f => s_suites.Any(s => File.Exists(Path.Combine(f, $"{s}.json")))).Order(StringComparer.Ordinal)];
        if (folders.Length == 0)
            text.Append("\nNo results are committed yet: `perf/all.sh` measures them.\n");
        foreach (string folder in folders)
        {
            IReadOnlyList<Row> Rows(string suite) => ResultFile.Load<Row>(Path.Combine(folder, $"{suite}.json"));
            text.Append($"\n`{Path.GetFileName(folder)}`\n");
            Networks(text, Rows("network"));
            Products(text, Rows("gemm"));
            Sentences(text, ResultFile.Load<MemoryRow>(Path.Combine(folder, "memory.json")), Rows("coldstart"));
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Batch 1 with the most threads: what somebody who explains a picture waits for.</summary>
    static void Networks(StringBuilder text, IReadOnlyList<Row> rows)
    {
        Row[] shown = Widest(rows.Where(r => r.Batch == 1));
        if (shown.Length == 0)
            return;
        string[] peers = [.. shown.Select(r => r.Peer).Distinct()];
        text.Append($"\n| network, batch 1, {Threads(shown[0].Threads)} | ms | % of peak |");
        foreach (string peer in peers)
            text.Append($" / {peer} {Version(shown, peer)} |");
        text.Append($"\n|---|---|---|{string.Concat(peers.Select(_ => "---|"))}\n");
        foreach (IGrouping<string, Row> passes in shown.GroupBy(r => r.Case))
        {
            Row ours = passes.First();
            text.Append($"| {ours.Case} | {Row.Milliseconds(ours.OursMs)} | {ours.PeakPercent:F0} |");
            foreach (string peer in peers)
                text.Append($" {Ratio(passes.FirstOrDefault(r => r.Peer == peer))} |");
            text.Append('\n');
        }
    }

    static void Products(StringBuilder text, IReadOnlyList<Row> rows)
    {
        if (rows.Count == 0)
            return;
        int[] threads = [.. rows.Select(r => r.Threads).Distinct()];
        text.Append($"\n| matrix product |{string.Concat(threads.Select(t => $" {Threads(t)}: % of peak | / {rows[0].Peer} {Version(rows, rows[0].Peer)} |"))}\n");
        text.Append($"|---|{string.Concat(threads.Select(_ => "---|---|"))}\n");
        foreach (IGrouping<string, Row> product in rows.GroupBy(r => r.Case))
        {
            text.Append($"| {product.Key} |");
            foreach (int count in threads)
            {
                Row? row = product.FirstOrDefault(r => r.Threads == count);
                text.Append($" {(row is null ? "-" : $"{row.PeakPercent:F0}")} | {Ratio(row)} |");
            }

            text.Append('\n');
        }
    }

    static void Sentences(StringBuilder text, IReadOnlyList<MemoryRow> memory, IReadOnlyList<Row> coldStarts)
    {
        if (memory.FirstOrDefault(r => r.Case == "vgg-16 guided" && r.Batch == 1) is { } m)
        {
            text.Append($"\nPeak resident memory of VGG-16, guided, batch 1, {Threads(m.Threads)}: {m.OursMb:F0} MB, {m.OursBeyondMb:F0} beyond the parameters");
            text.Append(m.PeerMb is null ? ".\n" : $"; {m.Peer} {m.PeerMb:F0} and {m.PeerBeyondMb:F0} ({m.Ratio:F2}).\n");
        }

        foreach (Row row in coldStarts)
            text.Append($"\n`preimage {row.Case}` from start to end: {row.OursMs:F0} ms, at best {row.OursBestMs:F0}.\n");
    }

    static Row[] Widest(IEnumerable<Row> rows)
    {
        Row[] all = [.. rows];
        return [.. all.Where(r => r.Threads == all.Max(o => o.Threads))];
    }

    static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    // A peer that was absent says why in the place of its version.
    static string Version(IEnumerable<Row> rows, string peer) => rows.FirstOrDefault(r => r.Peer == peer && r.PeerMs is not null)?.PeerVersion ?? "(absent)";

    static string Ratio(Row? row) => row?.Ratio is { } ratio ? $"{ratio:F2}" : "-";
}
