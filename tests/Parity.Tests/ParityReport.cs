using Preimage.Tests.Shared;

[assembly: AssemblyFixture(typeof(Preimage.Parity.Tests.ParityReport))]

namespace Preimage.Parity.Tests;

/// <summary>The worst differences found, by what was compared; the table is written when all tests are done.</summary>
public sealed class ParityReport : IDisposable
{
    const int Shown = 5;

    static readonly Lock s_gate = new();
    static readonly Dictionary<string, List<(string Case, double Nmse)>> s_found = [];

    /// <summary>Adds what a case came to.</summary>
    internal static void Add(string group, string name, double nmse)
    {
        lock (s_gate)
        {
            if (!s_found.TryGetValue(group, out var list))
                s_found.Add(group, list = []);
            list.Add((name, nmse));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Report.Write($"parity on {(Gpu.IsReal ? "the GPU" : "the simulator")}", Lines());

    static List<string> Lines()
    {
        var lines = new List<string>();
        foreach ((string group, var list) in s_found.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            (string Case, double Nmse)[] sorted = [.. list.OrderByDescending(f => f.Nmse)];
            lines.Add($"{group}: {sorted.Length} comparisons, median NMSE {sorted[sorted.Length / 2].Nmse:E1}, the worst:");
            lines.AddRange(sorted.Take(Shown).Select(f => $"  {f.Nmse:E1}  {f.Case}"));
        }

        return lines;
    }
}
