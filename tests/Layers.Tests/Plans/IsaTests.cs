using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Processes;

namespace Preimage.Layers.Tests.Plans;

/// <summary>A strict map is the same bytes on every instruction set, whether chosen or left by the runtime, and for any number of threads.</summary>
public sealed class IsaTests(ITestOutputHelper output)
{
    /// <summary>The file a child leaves its map in.</summary>
    const string MapFile = "PREIMAGE_MAP_FILE";

    [Fact]
    public void Guided_map_is_the_same_for_every_choice()
    {
        output.WriteLine(IsaSwitches.Line($"{IsaChoice.Widest}"));
        float[] map = GuidedMap(new EngineOptions { Precision = Precision.Strict, Threads = 1 });
        // Most of it must be there to be compared.
        Assert.InRange(map.Count(v => v != 0), map.Length / 2, map.Length);
        foreach (Isa isa in IsaChoice.Supported)
        {
            foreach (int threads in (int[])[1, 2, 3])
                Agreement.SameBits(map, GuidedMap(new EngineOptions { Precision = Precision.Strict, Threads = threads, Isa = $"{isa}" }), $"{isa}, {threads} threads");
        }

        if (Environment.GetEnvironmentVariable(MapFile) is { } file)
            File.WriteAllBytes(file, MemoryMarshal.AsBytes(map.AsSpan()));
    }

    [Theory]
    [MemberData(nameof(IsaSwitches.All), MemberType = typeof(IsaSwitches))]
    public async Task Guided_map_is_the_same_without(string instructions, string left)
    {
        string file = Path.GetTempFileName();
        try
        {
            Dictionary<string, string?> environment = IsaSwitches.Environment(instructions, left);
            environment[MapFile] = file;
            ChildRun child = await ChildRun.StartAsync(environment, "--filter-method", $"{typeof(IsaTests).FullName}.{nameof(Guided_map_is_the_same_for_every_choice)}", "--show-live-output", "on");
            output.WriteLine($"{instructions}=0 leaves {left}: {child.Elapsed.TotalSeconds:F1} s");
            Assert.True(child.ExitCode == 0, child.Output);
            Assert.Contains(IsaSwitches.Line(left), child.Output, StringComparison.Ordinal);
            Agreement.SameBits(
                GuidedMap(new EngineOptions { Precision = Precision.Strict }), MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)), $"{instructions}=0 against all there is");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Of two pictures.</summary>
    static float[] GuidedMap(EngineOptions options)
    {
        using Network network = SmallNetworks.Blocked();
        using Engine engine = network.On(Device.Cpu, options);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2, Keep = Keep.ForBackward });
        float[] map = new float[2 * network.InputShape.Count];
        plan.Forward(Draw.Normal(8, map.Length), new float[20]);
        plan.Backward(Draw.Normal(9, 20), BackwardRule.Guided, map);
        return map;
    }
}
