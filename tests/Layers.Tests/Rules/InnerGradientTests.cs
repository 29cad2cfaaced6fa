using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Rules;

/// <summary>Gradients at nodes between the seeded one and the inputs: signals stop there, whole.</summary>
public class InnerGradientTests
{
    /// <summary>As in <see cref="JacobianOracleTests"/>: a way back that ends earlier adds up fewer roundings.</summary>
    const double Tolerance = 1e-5;

    static readonly BackwardRule[] s_rules = [BackwardRule.Gradient, BackwardRule.Deconvnet, BackwardRule.Guided];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 16)];

    /// <summary>At every node of random graphs, fused ones, joins and views included.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Signals_at_every_node_are_the_oracles(int seed)
    {
        using Network network = RandomNetwork.Make(seed);
        (float[] x, NetworkOracle oracle) = JacobianOracleTests.Decided(network, seed);
        float[] signal = Draw.Normal((ulong)seed + 1000, oracle[network.Output].Values.Length);
        double[] exact = Array.ConvertAll(signal, v => (double)v);
        IReadOnlyDictionary<Node, double[]>[] expected = [.. s_rules.Select(r => oracle.Backward(network.Output, exact, r))];
        using Engine engine = network.On(Device.Cpu);
        foreach (Node node in network.Nodes.Where(n => n.Layer is not (Input or Constant)))
        {
            using ExecutionPlan plan = engine.Plan(Options(network, node));
            Assert.Equal([node], plan.Gradients);
            plan.SetInput(network.Input, x);
            plan.Forward();
            var value = new float[plan.ShapeOf(node).Count];
            plan.Read(node, value);
            Agreement.Close(oracle[node].Values, value, Tolerance, $"the value of {node.Name}");
            for (int r = 0; r < s_rules.Length; r++)
            {
                var gradient = new float[value.Length];
                plan.Backward(signal, s_rules[r], gradient);
                Agreement.Close(expected[r][node], gradient, Tolerance, $"{s_rules[r].Relu} at {node.Name}");
            }

            // Signals write over what they pass: not over the value.
            var again = new float[value.Length];
            plan.Read(node, again);
            Agreement.SameBits(value, again, $"the value of {node.Name} after the way back");
        }
    }

    /// <summary>The gradient at a node is that of the network above it by its input.</summary>
    [Fact]
    public void It_is_the_gradient_of_the_network_cut_there()
    {
        using Network whole = SmallNetworks.Mixed();
        var builder = new NetworkBuilder();
        Node input = builder.Input("hidden_relu", new Shape(1, 12));
        builder.Output(builder.Add("logits", whole.Nodes["logits"].Layer, input));
        using Network above = builder.Build();
        using Engine engine = whole.On(Device.Cpu), cut = above.On(Device.Cpu);
        using ExecutionPlan plan = engine.Plan(Options(whole, whole.Nodes["hidden_relu"]) with { Batch = 3, Seeds = 2 });
        using ExecutionPlan other = cut.Plan(new PlanOptions { Keep = Keep.ForBackward, Batch = 3, Seeds = 2 });
        float[] signal = Draw.Normal(3, 30), gradient = new float[72], expected = new float[72], value = new float[36];
        plan.SetInput(whole.Input, Draw.Normal(4, whole.InputShape.WithSamples(3)));
        plan.Forward();
        plan.Backward(signal, BackwardRule.Gradient, gradient);
        plan.Read(whole.Nodes["hidden_relu"], value);
        other.SetInput(above.Input, value);
        other.Forward();
        other.Backward(signal, BackwardRule.Gradient, expected);
        Agreement.SameBits(expected, gradient, "cut at hidden_relu");
    }

    /// <summary>Budgets and portions cut the batch, not the numbers; channels that fill lanes, so that blocked layouts are among them.</summary>
    [Theory]
    [InlineData("pool")]
    [InlineData("joined")]
    [InlineData("wide")]
    [InlineData("sum")]
    public void Parts_of_a_batch_change_no_bit(string name)
    {
        using Network network = SmallNetworks.Blocked();
        using Engine engine = network.On(Device.Cpu);
        PlanOptions options = Options(network, network.Nodes[name]) with { Batch = 4, Seeds = 3 };
        long least = engine.Measure(options with { Batch = 1, Seeds = 1 }), two = engine.Measure(options with { Batch = 2 });
        using ExecutionPlan whole = engine.Plan(options);
        float[] signal = Draw.Normal(5, whole.SeedShape), x = Draw.Normal(6, network.InputShape.WithSamples(4)), expected = Run(whole);
        Assert.Contains(expected, v => v != 0);
        foreach (PlanOptions other in (PlanOptions[])[options with { MemoryBudget = least }, options with { MemoryBudget = two }, options with { Portion = 1 }, options with { Portion = 2 }])
        {
            using ExecutionPlan plan = engine.Plan(other);
            Agreement.SameBits(expected, Run(plan), $"{name}, budget {other.MemoryBudget}, portion {other.Portion}");
        }

        float[] Run(ExecutionPlan plan)
        {
            plan.SetInput(network.Input, x);
            plan.Forward();
            var gradient = new float[plan.GradientShape(network.Nodes[name]).Count];
            plan.Backward(signal, BackwardRule.Gradient, gradient);
            return gradient;
        }
    }

    [Fact]
    public void A_node_may_be_the_seeded_one_or_beside_another()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using ExecutionPlan self = engine.Plan(Options(network, network.Output));
        self.SetInput(network.Input, Draw.Normal(1, network.InputShape));
        self.Forward();
        float[] gradient = new float[5];
        self.Backward([1, -2, 3, -4, 5], BackwardRule.Guided, gradient);
        Assert.Equal([1f, -2, 3, -4, 5], gradient);

        using ExecutionPlan both = engine.Plan(Options(network, network.Nodes["left_relu"]) with { GradientsOf = ["left_relu", "right"] });
        Assert.Equal(["left_relu", "right"], both.Gradients.Select(n => n.Name));
        Assert.Equal(new Shape(1, 4, 7, 6), both.GradientShape(network.Nodes["left_relu"]));
    }

    [Fact]
    public void Nodes_that_signals_cannot_stop_at_are_refused()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        PlanOptions options = Options(network, network.Nodes["left"]) with { SeedNode = "pool", Observe = ["pool"] };
        Says(options, "'pool' does not depend on", "left");
        Says(options with { GradientsOf = ["conv", "left"] }, "'pool' does not depend on 'left'");
        Says(options with { SeedNode = "logits", Observe = ["logits"], GradientsOf = ["left_relu", "pool"] }, "stop at node 'left_relu'", "a plan for each");
        Says(options with { SeedNode = "logits", Observe = ["logits"], GradientsOf = ["x", "pool"] }, "stop at node 'pool'");

        void Says(PlanOptions wrong, params ReadOnlySpan<string> parts)
        {
            string message = Assert.Throws<PreimageException>(() => engine.Plan(wrong)).Message;
            foreach (string part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    static PlanOptions Options(Network network, Node node) => new()
    {
        Keep = Keep.ForBackward, Observe = [network.Output.Name], SeedNode = network.Output.Name, GradientsOf = [node.Name],
    };
}
