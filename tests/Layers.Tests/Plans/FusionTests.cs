using Preimage.Layers.Kinds;
using Preimage.Layers.Tests.Rules;
using Preimage.Tests.Shared;

namespace Preimage.Layers.Tests.Plans;

/// <summary>Layouts, chains, joins in place and rules applied in a store change no bit: plans against ones of planar operators run one by one.</summary>
public class FusionTests
{
    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Strict_plans_have_the_bits_of_the_reference(int seed)
    {
        using Network network = RandomNetwork.Make(seed);
        using Engine fused = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        using Engine plain = network.On(Device.Cpu, new EngineOptions { Force = new Dictionary<string, string> { ["Conv"] = "Reference" } });
        foreach ((int batch, int seeds) in new[] { (1, 1), (2, 3) })
        {
            var options = new PlanOptions { Keep = Keep.ForBackward, Batch = batch, Seeds = seeds };
            float[][] expected = Run(plain, options, seed), actual = Run(fused, options, seed);
            for (int i = 0; i < expected.Length; i++)
            {
                // A folded batch norm is rounded elsewhere.
                if (network.Nodes.Any(n => n.Layer is BatchNormalisation))
                    Agreement.Close(Array.ConvertAll(expected[i], v => (double)v), actual[i], 1e-5, $"result {i} of batch {batch}");
                else
                    Agreement.SameBits(expected[i], actual[i], $"result {i} of batch {batch}");
            }
        }
    }

    /// <summary>Wider networks, so that blocks, groups of channels and Winograd's tiles are full ones.</summary>
    [Fact]
    public void Joined_branches_have_the_bits_of_copied_ones()
    {
        using Network network = Fire();
        using Engine fused = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        using Engine plain = network.On(Device.Cpu, new EngineOptions { Force = new Dictionary<string, string> { ["Conv"] = "Gemm" } });
        var options = new PlanOptions { Keep = Keep.ForBackward };
        float[][] expected = Run(plain, options, 1), actual = Run(fused, options, 1);
        for (int i = 0; i < expected.Length; i++)
            Agreement.SameBits(expected[i], actual[i], $"result {i}");
        using ExecutionPlan one = fused.Plan(options), two = fused.Plan(options with { Batch = 2 });
        one.SetInput(network.Input, new float[one.ShapeOf(network.Input).Count]);
        two.SetInput(network.Input, new float[two.ShapeOf(network.Input).Count]);
        Assert.DoesNotContain(one.Profile(1), p => p.Node.Layer is Concat);
        Assert.Contains(two.Profile(1), p => p.Node.Layer is Concat);
    }

    static float[][] Run(Engine engine, PlanOptions options, int seed)
    {
        using ExecutionPlan plan = engine.Plan(options);
        Node input = engine.Network.Input;
        float[] x = Draw.Normal((ulong)seed, plan.ShapeOf(input)), y = new float[plan.ShapeOf(engine.Network.Output).Count];
        float[] signal = Draw.Normal((ulong)seed + 7, plan.SeedShape);
        plan.Forward(x, y);
        var results = new List<float[]> { y };
        foreach (BackwardRule rule in s_rules)
        {
            var map = new float[plan.GradientShape(input).Count];
            plan.Backward(signal, rule, map);
            results.Add(map);
        }

        return [.. results];
    }

    /// <summary>Two joins, the first one's value and one of its parts read by others too.</summary>
    static Network Fire()
    {
        var builder = new NetworkBuilder();
        Node top = Rectified("squeeze", builder.Input("x", new Shape(1, 3, 17, 17)), 3, 16, 3);
        Node one = Rectified("one", top, 16, 32, 1), three = Rectified("three", top, 16, 48, 3);
        Node joined = builder.Add("joined", new Concat(1), [one, three]);
        Node right = Rectified("right", joined, 80, 32, 3), left = builder.Add("left", new Relu(), [joined]);
        Node again = Rectified("again", one, 32, 32, 1);
        Node last = builder.Add("last", new Concat(1), [right, left, again]);
        builder.Output(Rectified("head", last, 144, 20, 1));
        return builder.Build();

        Node Rectified(string name, Node input, int channels, int filters, int taps)
        {
            Node node = builder.Add(name, new Convolution
            {
                Weight = Draw.Weights((ulong)name.Length, 0.1, filters, channels, taps, taps), Bias = Draw.Weights(9, 0.1, filters),
                Sliding = new Window { Kernel = new(taps, taps), Pads = (taps / 2, taps / 2, taps / 2, taps / 2) },
            }, [input]);
            return builder.Add($"{name}_relu", new Relu(), [node]);
        }
    }
}
