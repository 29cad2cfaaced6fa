using Preimage.Tests.Shared;

namespace Preimage.Parity.Tests;

/// <summary>The worst differences found, by what was compared; the table is printed when all tests are done.</summary>
internal static class ParityReport
{
    static readonly Lock s_gate = new();
    static readonly Dictionary<string, List<(string Case, double Nmse)>> s_found = [];

    /// <summary>Adds what a case came to.</summary>
    public static void Add(string group, string name, double nmse)
    {
        lock (s_gate)
        {
            if (!s_found.TryGetValue(group, out var list))
                s_found.Add(group, list = []);
            list.Add((name, nmse));
        }
    }

    /// <summary>The table so far: the five worst of each group.</summary>
    public static IEnumerable<string> Lines()
    {
        lock (s_gate)
        {
            foreach ((string group, var list) in s_found)
            {
                yield return $"{group}: {list.Count} cases, median NMSE {list.Order(Comparer<(string, double Nmse)>.Create((a, b) => a.Nmse.CompareTo(b.Nmse))).ElementAt(list.Count / 2).Nmse:E1}, worst";
                foreach ((string name, double nmse) in list.OrderByDescending(f => f.Nmse).Take(5))
                    yield return $"  {nmse:E1}  {name}";
            }
        }
    }
}
