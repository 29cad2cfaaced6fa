using Preimage.Layers;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Rules;

/// <summary>Every rule on random graphs, against explicit Jacobians in double.</summary>
public class JacobianOracleTests
{
    const int Graphs = 48;

    /// <summary>
    /// Of the largest magnitude. A signal passes at most some 15 operators, each a sum of at most about 100 products: with unit roundoff
    /// 6e-8 and errors that add like a random walk, 6e-8 * sqrt(15 * 100) = 2.3e-6; four times that leaves room for the tail.
    /// </summary>
    const double Tolerance = 1e-5;

    static readonly (string Name, BackwardRule Rule)[] s_rules =
    [
        ("saliency", BackwardRule.Gradient), ("deconvnet", BackwardRule.Deconvnet), ("guided", BackwardRule.Guided),
        ("gradient, normalisation stepped over", new BackwardRule(ReluRule.Gradient, Lrn: LrnRule.Identity)),
        ("guided, pooling to the centre", new BackwardRule(ReluRule.Guided, PoolRule.Centre)),
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, Graphs)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Maps_of_all_rules_are_the_oracles(int seed)
    {
        using Network network = RandomNetwork.Make(seed);
        (float[] x, NetworkOracle oracle) = Decided(network, seed);
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward });
        var y = new float[plan.ShapeOf(network.Output).Count];
        plan.Forward(x, y);
        Agreement.Close(oracle[network.Output].Values, y, Tolerance, "forward");

        float[] signal = Draw.Normal((ulong)seed + 1000, y.Length);
        var map = new float[x.Length];
        foreach ((string name, BackwardRule rule) in s_rules)
        {
            plan.Backward(signal, rule, map);
            Agreement.Close(Map(oracle, network.Output, signal, rule), map, Tolerance, name);
        }
    }

    /// <summary>From a node in the middle, where fused operators end and other branches hang on.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Maps_from_an_inner_node_are_the_oracles(int seed)
    {
        using Network network = RandomNetwork.Make(seed);
        (float[] x, NetworkOracle oracle) = Decided(network, seed);
        Node inner = network.Nodes[network.Nodes.Count / 2];
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Observe = [inner.Name] });
        var y = new float[plan.ShapeOf(inner).Count];
        plan.Forward(x, y);
        Agreement.Close(oracle[inner].Values, y, Tolerance, $"forward to {inner.Name}");

        float[] signal = Draw.Normal((ulong)seed + 2000, y.Length);
        var map = new float[x.Length];
        foreach ((string name, BackwardRule rule) in s_rules)
        {
            plan.Backward(signal, rule, map);
            Agreement.Close(Map(oracle, inner, signal, rule), map, Tolerance, $"{name} from {inner.Name}");
        }
    }

    /// <summary>The comparisons above would pass on maps that are zero, or alike: on most graphs they are neither.</summary>
    [Fact]
    public void Maps_are_not_trivial()
    {
        var signals = new int[3];
        int different = 0;
        for (int seed = 0; seed < Graphs; seed++)
        {
            using Network network = RandomNetwork.Make(seed);
            (_, NetworkOracle oracle) = Decided(network, seed);
            float[] signal = Draw.Normal((ulong)seed + 1000, oracle[network.Output].Values.Length);
            double[][] maps = [.. s_rules.Take(3).Select(r => Map(oracle, network.Output, signal, r.Rule))];
            for (int i = 0; i < 3; i++) signals[i] += maps[i].Any(v => v != 0) ? 1 : 0;
            different += maps[0].SequenceEqual(maps[1]) || maps[1].SequenceEqual(maps[2]) || maps[0].SequenceEqual(maps[2]) ? 0 : 1;
        }

        Assert.All(signals, count => Assert.InRange(count, Graphs * 3 / 4, Graphs));
        Assert.InRange(different, Graphs * 3 / 4, Graphs);
    }

    /// <summary>An input whose masks and switches float32 cannot decide otherwise than double: no unit within 2e-5 of a kink or a tie.</summary>
    internal static (float[] Input, NetworkOracle Oracle) Decided(Network network, int seed)
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            float[] x = Draw.Normal((ulong)(seed + 100_000 * attempt) + 7, network.InputShape);
            var oracle = new NetworkOracle(network, network.InputShape, x);
            if (oracle.Margin > 2e-5) return (x, oracle);
        }

        throw new InvalidOperationException($"no input of 50 keeps graph {seed} away from ties");
    }

    static double[] Map(NetworkOracle oracle, Node from, float[] signal, BackwardRule rule) =>
        oracle.Backward(from, Array.ConvertAll(signal, v => (double)v), rule)[oracle.InputNode];
}
