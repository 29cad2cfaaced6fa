using System.Text.RegularExpressions;

namespace Preimage.Surface.Tests.Commands;

/// <summary>Experiments from the command line, and the files that run them on many machines.</summary>
public sealed partial class ReproduceTests
{
    [Fact]
    public void Reproduce_RunsSharesAndMerges()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["reproduce", "mv-fig4", "--out", "results", "--data", folder.Path, "--iterations", "2", "--device", "cpu"];
        CommandLineResult first = CommandLine.Run(folder.Path, [.. run, "--shard", "1/2"]).Expect(0);
        Assert.Contains("2 done, 0 found done, 1 still to do", first.Output, StringComparison.Ordinal);
        Assert.Contains("preimage: 1 of 2: ", first.Errors, StringComparison.Ordinal);
        CommandLineResult early = CommandLine.Run(folder.Path, [.. run, "--merge"]).Expect(1);
        Assert.Contains("1 of 3 units", early.Errors, StringComparison.Ordinal);
        CommandLineResult second = CommandLine.Run(folder.Path, [.. run, "--shard", "2/2"]).Expect(0);
        Assert.Contains("mv-fig4.md", second.Output, StringComparison.Ordinal);
        Assert.Contains("a drawn picture stands in", CommandLine.Run(folder.Path, [.. run, "--merge"]).Expect(0).Output + File.ReadAllText(folder["results/mv-fig4.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Reproduce_ListsItsExperimentsAndRefusesOthers()
    {
        using var folder = new TemporaryFolder();
        string list = CommandLine.Run(folder.Path, "reproduce", "--list").Expect(0).Output;
        Assert.All(DocumentedNames(), name => Assert.Contains($"{name} ", list, StringComparison.Ordinal));
        Assert.All(list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1), line => Assert.Contains(line.Split(' ')[0], DocumentedNames()));
        Assert.Contains("--list", CommandLine.Run(folder.Path, "reproduce", "mv-fig99").Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains("3/16", CommandLine.Run(folder.Path, "reproduce", "mv-fig1", "--shard", "4/3").Expect(2).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docs/slurm-array.sh", "SLURM_ARRAY_TASK_ID")]
    [InlineData("docs/kubernetes-indexed-job.yaml", "JOB_COMPLETION_INDEX")]
    public void Manifest_PassesOptionsThatExist(string file, string index)
    {
        using var folder = new TemporaryFolder();
        string help = CommandLine.Run(folder.Path, "reproduce", "--help").Expect(0).Output, list = CommandLine.Run(folder.Path, "reproduce", "--list").Expect(0).Output;
        string[] calls = [.. Repository.Read(file).Split('\n').Where(l => l.Contains("preimage reproduce ", StringComparison.Ordinal))];
        Assert.Contains(calls, c => c.Contains(index, StringComparison.Ordinal) && c.Contains("--shard", StringComparison.Ordinal));
        foreach (string call in calls)
        {
            Assert.Contains($"{ExperimentName().Match(call).Groups[1].Value} ", list, StringComparison.Ordinal);
            Assert.All(OptionNames().Matches(call), option => Assert.Matches($@"(?m)^\s+{option.Value}\b", help));
        }
    }

    static string[] DocumentedNames() => [.. TableName().Matches(Repository.Read("docs/reproduce.md")).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"preimage reproduce ([\w-]+)")]
    private static partial Regex ExperimentName();

    [GeneratedRegex(@"(?<=\s)--[a-z]+")]
    private static partial Regex OptionNames();

    [GeneratedRegex(@"(?m)^\| `([\w-]+)` \|")]
    private static partial Regex TableName();
}
