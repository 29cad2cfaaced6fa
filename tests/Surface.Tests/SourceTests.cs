using System.Text.RegularExpressions;

namespace Preimage.Surface.Tests;

/// <summary>Habits of the source tree that no compiler checks.</summary>
public sealed partial class SourceTests
{
    /// <summary>The longest a file may be.</summary>
    const int MostLines = 350;

    public static TheoryData<string> Projects => [.. Repository.Projects, "perf"];

    [Theory, MemberData(nameof(Projects))]
    public void Namespaces_FollowFolders(string project)
    {
        string root = project == "perf" ? "Preimage.Perf" : $"Preimage.{project}";
        foreach ((string relative, string text) in Repository.Sources(project))
        {
            string folder = Path.GetDirectoryName(relative)!.Replace('\\', '/').Replace('/', '.');
            string expected = folder.Length == 0 ? root : $"{root}.{folder}";
            foreach (Match match in NamespaceLine().Matches(text))
                Assert.True(match.Groups[1].Value == expected, $"{project}/{relative} is in {match.Groups[1].Value}, its folder says {expected}");
        }
    }

    [Theory, MemberData(nameof(Projects))]
    public void Files_AreShort(string project) => Assert.All(
        Repository.Sources(project),
        s => Assert.True(s.Text.AsSpan().Count('\n') <= MostLines, $"{project}/{s.Relative} has more than {MostLines} lines: split it"));

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*[;{]?", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
