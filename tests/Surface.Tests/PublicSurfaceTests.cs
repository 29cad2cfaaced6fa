namespace Preimage.Surface.Tests;

/// <summary>The public surface changes on purpose only: each assembly's listing is committed beside this file.</summary>
public sealed class PublicSurfaceTests
{
    [Theory, InlineData("Interop"), InlineData("Layers"), InlineData("Algorithms")]
    public void PublicSurface_IsTheCommittedOne(string project)
    {
        string file = $"tests/Surface.Tests/Preimage.{project}.txt", committed = Path.Combine(Repository.Root, file);
        string expected = File.Exists(committed) ? Repository.Read(file) : "", actual = PublicListing.Of(Assemblies.Load(project));
        if (expected == actual)
            return;
        string written = Path.Combine(AppContext.BaseDirectory, Path.GetFileName(file));
        File.WriteAllText(written, actual);
        string[] before = expected.Split('\n'), now = actual.Split('\n');
        Assert.Fail(
            $"The public surface of Preimage.{project} has changed. If that is meant, accept it with\n" +
            $"    cp {Path.GetRelativePath(Repository.Root, written)} {file}\n" +
            $"new:  {List(now.Except(before))}\ngone: {List(before.Except(now))}");
    }

    static string List(IEnumerable<string> lines)
    {
        const int Shown = 20;
        string[] all = [.. lines.Select(l => l.Trim())];
        return all.Length == 0 ? "nothing" : string.Join("\n      ", all.Take(Shown)) + (all.Length > Shown ? $"\n      and {all.Length - Shown} more" : "");
    }
}
