using System.Text.RegularExpressions;
using Preimage.Layers;

namespace Preimage.Perf.Results;

/// <summary>The folder of this machine's results under perf/results.</summary>
internal static partial class ResultFolder
{
    // Names that processors do not give themselves: vendor and family.
    static readonly Dictionary<string, string> s_cores = new() { ["AuthenticAMD 25"] = "zen3-or-4", ["AuthenticAMD 26"] = "zen5" };

    /// <summary>Its name: the processor, its core, its threads.</summary>
    public static string Name
    {
        get
        {
            string core = Line("vendor_id") is { } vendor && Line("cpu family") is { } family
                ? s_cores.GetValueOrDefault($"{vendor} {family}") ?? $"family-{family}-model-{Line("model")}"
                : "";
            string words = $"{Processor.Name.Replace("(R)", "").Replace("(TM)", "")} {core} {Processor.Threads} threads";
#pragma warning disable CA1308 // Folder names are lower case.
            return Others().Replace(words.ToLowerInvariant(), "-").Trim('-');
#pragma warning restore CA1308
        }
    }

    static string? Line(string name)
    {
        const string Table = "/proc/cpuinfo";
        string? line = File.Exists(Table) ? File.ReadLines(Table).FirstOrDefault(l => l.Split(':')[0].Trim() == name) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
