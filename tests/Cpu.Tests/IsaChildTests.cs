using Preimage.Tests.Shared.Processes;

namespace Preimage.Cpu.Tests;

/// <summary>The tests of all kernels again where the runtime is told that the processor has less.</summary>
public sealed class IsaChildTests(ITestOutputHelper output)
{
    /// <summary>Value of the trait <see cref="Large"/> of cases beyond 1e8 multiply-adds, which scalar code would take minutes for.</summary>
    public const string Large = "Large", Yes = "yes";

    /// <summary>Tests that choose fewer must have lost some.</summary>
    const int Fewest = 130;

    [Theory]
    [MemberData(nameof(IsaSwitches.All), MemberType = typeof(IsaSwitches))]
    public async Task Kernels_PassWithout(string instructions, string left)
    {
        ChildRun child = await ChildRun.StartAsync(IsaSwitches.Environment(instructions, left),
            "--filter-not-class", typeof(IsaChildTests).FullName!, typeof(WorkerTeamTests).FullName!, "--filter-not-trait", $"{Large}={Yes}", "--show-live-output", "on");
        output.WriteLine($"{instructions}=0 leaves {left}: {child.Count("succeeded")} tests in {child.Elapsed.TotalSeconds:F1} s");
        Assert.True(child.ExitCode == 0, child.Output);
        Assert.Contains(IsaSwitches.Line(left), child.Output, StringComparison.Ordinal);
        Assert.InRange(child.Count("total"), Fewest, int.MaxValue);
        Assert.Equal((child.Count("total"), 0), (child.Count("succeeded"), child.Count("skipped")));
    }
}
