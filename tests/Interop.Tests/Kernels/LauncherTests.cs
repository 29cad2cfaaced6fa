namespace Preimage.Interop.Tests.Kernels;

/// <summary>The launchers say what the kernels say, and the PTX is of these sources.</summary>
public sealed class LauncherTests
{
    const string Accept = "PREIMAGE_ACCEPT";

    static string Sources => Path.Combine(Repository.Root, "Native", "Kernels");

    static string Committed => Path.Combine(Repository.Root, "Interop", "Cuda", "Kernels");

    static string[] Families =>
        [.. Directory.GetFiles(Sources, "*.ptx").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Ptx_TakesWhatTheSourceSays()
    {
        foreach (string family in Families)
        {
            var declared = Declared(family).ToDictionary(k => k.Name, k => string.Join(' ', k.PtxTypes));
            var compiled = KernelSource.InPtx(File.ReadAllText(Path.Combine(Sources, $"{family}.ptx"))).ToDictionary(p => p.Key, p => string.Join(' ', p.Value));
            Assert.Equal(declared, compiled);
        }
    }

    [Fact]
    public void Names_OccurOnce()
    {
        Assert.All(Families.SelectMany(Declared).GroupBy(k => k.Name), g => Assert.Single(g));
    }

    [Fact]
    public void Launchers_AreTheCommittedOnes()
    {
        var expected = Families.ToDictionary(f => $"{Launchers.ClassOf(f)}.g.cs", f => Launchers.Of(f, Declared(f)));
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            Directory.CreateDirectory(Committed);
            foreach (string stale in Directory.GetFiles(Committed, "*.g.cs")) File.Delete(stale);
            foreach ((string name, string text) in expected) File.WriteAllText(Path.Combine(Committed, name), text);
        }
        string[] there = Directory.Exists(Committed) ? [.. Directory.GetFiles(Committed, "*.g.cs")] : [];
        var actual = there.ToDictionary(f => Path.GetFileName(f), f => File.ReadAllText(f).ReplaceLineEndings("\n"));
        string[] changed = [.. expected.Keys.Union(actual.Keys).Where(n => expected.GetValueOrDefault(n) != actual.GetValueOrDefault(n)).Order()];
        Assert.True(changed.Length == 0, $"Kernels have changed: {string.Join(", ", changed)} in Interop/Cuda/Kernels are of others. Run this test with {Accept}=1 and build again.");
    }

    static List<KernelSource> Declared(string family) => KernelSource.In(Path.Combine(Sources, $"{family}.cu"));
}
