using System.Diagnostics;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Import;

/// <summary>10,000 damaged files of a format: each gives a network or an error of ours, in bounded time and memory, and enough of them get past the container.</summary>
internal static class MutantRun
{
    const int Mutants = 10_000;
    const long MaxBytesPerMutant = 64 << 20;
    const double MaxSecondsPerMutant = 5;

    /// <summary>Makes, loads and counts them.</summary>
    /// <param name="output">Where the counts are shown.</param>
    /// <param name="name">The name of the report.</param>
    /// <param name="make">A mutant; from odd numbers on, of the structure.</param>
    /// <param name="load">Loads and uses it: returns on a result, throws otherwise.</param>
    /// <param name="reason">An error by its kind, numbers and names left out.</param>
    /// <param name="outside">How errors begin that come from the container.</param>
    public static void Check(ITestOutputHelper output, string name, Func<int, Random, byte[]> make, Action<int, byte[]> load,
        Func<PreimageException, string> reason, params string[] outside)
    {
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int results = 0, insideContainer = 0;
        long most = 0;
        double longest = 0;
        using var report = new Report(name, output);
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = make(i, new Random(i));
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            string? refused = Try(i, mutant, load, reason);
            longest = Math.Max(longest, clock.Elapsed.TotalSeconds);
            Assert.True(clock.Elapsed.TotalSeconds < MaxSecondsPerMutant, $"mutant {i} took {clock.Elapsed}");
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            Assert.True(allocated < MaxBytesPerMutant, $"mutant {i} allocated {allocated} bytes");
            if (refused is null)
                results++;
            else
                reasons[refused] = reasons.GetValueOrDefault(refused) + 1;
            if (refused is null || !outside.Any(o => refused.StartsWith(o, StringComparison.Ordinal)))
                insideContainer++;
        }

        report.WriteLine($"{results} of {Mutants} mutants load, {insideContainer} get past the container; at most {longest:F3} s and {most >> 10} KiB for one");
        foreach ((string why, int count) in reasons.OrderByDescending(r => r.Value).Take(60))
            report.WriteLine($"{count,6}  {why}");
        Assert.True(insideContainer >= Mutants / 5, $"only {insideContainer} mutants got past the container");
    }

    static string? Try(int number, byte[] mutant, Action<int, byte[]> load, Func<PreimageException, string> reason)
    {
        try
        {
            load(number, mutant);
            return null;
        }
        catch (PreimageException e)
        {
            return reason(e);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"mutant {number} gives {e.GetType().Name}", e);
        }
    }
}
