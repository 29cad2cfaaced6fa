using Preimage.Tests.Shared.Processes;

namespace Preimage.Cpu.Tests;

/// <summary>The instruction set of this very process.</summary>
public sealed class IsaTests(ITestOutputHelper output)
{
    [Fact]
    public void Default_IsTheWidestThatIsLeft()
    {
        string expected = Environment.GetEnvironmentVariable(IsaSwitches.Expected) ?? $"{IsaChoice.Supported[0]}";
        output.WriteLine(IsaSwitches.Line($"{IsaChoice.Widest}"));
        Assert.Equal(expected, $"{IsaChoice.Widest}");
        if (Environment.GetEnvironmentVariable(IsaChoice.Variable) is null)
            Assert.Equal(IsaChoice.Widest, IsaChoice.Default);
    }
}
