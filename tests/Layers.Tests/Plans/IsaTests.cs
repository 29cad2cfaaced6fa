using System.Runtime.InteropServices;
using Preimage.Cpu;
using Preimage.Layers.Kinds;
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

    /// <summary>Two different pictures through every kind of convolution, pooling, norm, joins and dense layers.</summary>
    static float[] GuidedMap(EngineOptions options)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 37, 33));
        Node entry = builder.Add("entry_relu", new Relu(), builder.Add("entry", Strided(1, 20, 3, 5, 1), x));
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), CeilMode = true } }, entry);
        Node norm = builder.Add("norm", new LocalResponseNormalisation { Size = 5, Alpha = 0.2f }, pool);
        Node full = builder.Add("full_relu", new Relu(), builder.Add("full", SmallNetworks.Filters(2, 36, 20), norm));
        Node channels = builder.Add("depthwise_relu", new Relu(), builder.Add("depthwise", Strided(3, 36, 1, 3, 36), full));
        Node squeeze = builder.Add("squeeze_relu", new Relu(), builder.Add("squeeze", SmallNetworks.Filters(4, 17, 36, 1), channels));
        Node wide = builder.Add("wide", SmallNetworks.Filters(5, 19, 17), squeeze);
        Node joined = builder.Add("joined", new Concat(1), squeeze, wide);
        Node sum = builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), joined, builder.Add("aside", SmallNetworks.Filters(6, 36, 36), joined));
        Node mean = builder.Add("mean", new AveragePool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, builder.Add("sum_relu", new Relu(), sum));
        Node flat = builder.Add("flat", new Flatten(), mean);
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(7, 36 * 2 * 2, 10), flat));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu, options);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2, Keep = Keep.ForBackward });
        float[] map = new float[2 * network.InputShape.Count];
        plan.Forward(Draw.Normal(8, map.Length), new float[20]);
        plan.Backward(Draw.Normal(9, 20), BackwardRule.Guided, map);
        return map;
    }

    static Convolution Strided(ulong seed, int filters, int channels, int kernel, int groups) => new()
    {
        Weight = Draw.Weights(seed * 100, 1.0 / kernel, filters, channels, kernel, kernel), Bias = Draw.Weights(seed * 100 + 1, 0.1, filters), Groups = groups,
        Sliding = new Window { Kernel = (kernel, kernel), Stride = (2, 2), Pads = (kernel / 2, kernel / 2, kernel / 2, kernel / 2) },
    };
}
