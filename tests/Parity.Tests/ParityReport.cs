using Preimage.Tests.Shared;

[assembly: AssemblyFixture(typeof(Preimage.Parity.Tests.ParityReport))]

namespace Preimage.Parity.Tests;

/// <summary>The worst differences found, by what was compared; the table is written when all tests are done.</summary>
public sealed class ParityReport : IDisposable
{
    const int Shown = 5;

    static readonly Lock s_gate = new();
    static readonly Dictionary<(string Group, string Measure), List<(string Case, double Apart)>> s_found = [];

    /// <summary>Adds what a case came to.</summary>
    internal static void Add(string group, string name, double apart, string measure = "NMSE")
    {
        lock (s_gate)
        {
            if (!s_found.TryGetValue((group, measure), out var list))
                s_found.Add((group, measure), list = []);
            list.Add((name, apart));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Report.Write($"parity on {(Gpu.IsReal ? "the GPU" : PtxParityTests.IsChild ? "the simulator, from PTX" : "the simulator")}", Lines());

    static List<string> Lines()
    {
        var lines = new List<string>();
        foreach (((string group, string measure), var list) in s_found.OrderBy(f => f.Key.Group, StringComparer.Ordinal))
        {
            (string Case, double Apart)[] sorted = [.. list.OrderByDescending(f => f.Apart)];
            lines.Add($"{group}: {sorted.Length} comparisons, median {measure} {sorted[sorted.Length / 2].Apart:E1}, the worst:");
            lines.AddRange(sorted.Take(Shown).Select(f => $"  {f.Apart:E1}  {f.Case}"));
        }

        return lines;
    }
}
