using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Rules;

/// <summary>Layers that a node rule has run in a node's place, on values of its own.</summary>
public class RuleVariantTests
{
    const double Tolerance = 1e-5;

    /// <summary>Twelve filters of three rows and columns lie blocked and may run by another algorithm than their squares, grouped ones do not.</summary>
    [Theory]
    [InlineData("conv")]
    [InlineData("grouped")]
    [InlineData("wide")]
    [InlineData("dense")]
    public void Variants_run_on_the_rules_own_values_and_leave_the_plans_alone(string name)
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu);
        var rule = new SquaresRule(network.Nodes[name]);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2, Seeds = 3, Keep = Keep.ForBackward, NodeRule = rule });
        float[] x = Draw.Normal(5, network.InputShape.WithSamples(2)), seed = Draw.Normal(6, plan.SeedShape), maps = new float[3 * x.Length], plain = new float[3 * x.Length];
        plan.Forward(x, new float[2 * 3]);
        plan.Backward(seed, new BackwardRule(ReluRule.Gradient, Node: rule), maps);
        using (ExecutionPlan without = engine.Plan(new PlanOptions { Batch = 2, Seeds = 3, Keep = Keep.ForBackward }))
        {
            without.Forward(x, new float[2 * 3]);
            without.Backward(seed, BackwardRule.Gradient, plain);
        }

        // The rule itself passes on what the true adjoint does.
        Agreement.Close(Array.ConvertAll(plain, v => (double)v), maps, Tolerance, "the signal at the input");
        Layer layer = SquaresRule.Squared(network.Nodes[name]);
        int from = rule.Given.Length / 2, to = rule.Output.Length / 2;
        for (int n = 0; n < 2; n++)
        {
            OracleArray[] inputs = [OracleArray.From(rule.From.WithSamples(1), rule.Given.AsSpan(n * from, from))];
            Agreement.Close(OracleForward.Run(layer, rule.To.WithSamples(1), inputs).Values, rule.Output.AsSpan(n * to, to), Tolerance, $"{name} forward, sample {n}");
            var jacobian = new OracleJacobian(layer, rule.To.WithSamples(1), inputs, 0);
            for (int k = 0; k < 3; k++)
            {
                int row = n * 3 + k;
                double[] signal = Array.ConvertAll(rule.Signal[(row * to)..((row + 1) * to)], v => (double)v);
                Agreement.Close(jacobian.Transposed(signal), rule.Carried.AsSpan(row * from, from), Tolerance, $"{name} back, row {row}");
            }
        }
    }

    [Fact]
    public void A_variant_that_is_not_there_or_has_another_shape_names_the_node()
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu);
        foreach ((int variant, string says) in new[] { (1, "no variant 1"), (2, "gives 2x4, not 2x3") })
        {
            var rule = new SquaresRule(network.Nodes["dense"]) { Wanted = variant };
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2, Keep = Keep.ForBackward, NodeRule = rule });
            plan.Forward(Draw.Normal(5, network.InputShape.WithSamples(2)), new float[2 * 3]);
            var error = Assert.Throws<ModelException>(() => plan.Backward(new float[2 * 3], new BackwardRule(ReluRule.Gradient, Node: rule)));
            Assert.Equal("dense", error.Node);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Weights that training changes are read again, though the variant's source is equal to the one before.</summary>
    [Fact]
    public void Variants_follow_parameters()
    {
        using Network network = Build();
        using var parameters = Parameters.Of(network);
        using Engine engine = parameters.Network.On(Device.Cpu);
        Node node = parameters.Network.Nodes["conv"];
        var rule = new SquaresRule(node);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = 2, Keep = Keep.ForBackward, NodeRule = rule });
        for (int step = 0; step < 2; step++)
        {
            Parameter filters = parameters.All.First(p => p.Node.Name == "conv" && p.Role == "weight");
            parameters.Write(filters, Draw.Normal(70 + (ulong)step, filters.Count));
            plan.Forward(Draw.Normal(5, network.InputShape.WithSamples(2)), new float[2 * 3]);
            plan.Backward(Draw.Normal(6, plan.SeedShape), new BackwardRule(ReluRule.Gradient, Node: rule));
            OracleArray input = OracleArray.From(rule.From.WithSamples(1), rule.Given.AsSpan(0, rule.Given.Length / 2));
            var own = new Convolution { Weight = new MemoryWeights(Draw.Normal(70 + (ulong)step, filters.Count), 12, 2, 3, 3), Sliding = ((Convolution)node.Layer).Sliding };
            Layer squared = SquaresRule.Squared(own);
            Agreement.Close(OracleForward.Run(squared, rule.To.WithSamples(1), [input]).Values, rule.Output.AsSpan(0, rule.Output.Length / 2), Tolerance, $"step {step}");
        }
    }

    static Network Build()
    {
        var builder = new NetworkBuilder();
        var sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) };
        Node x = builder.Input("x", new Shape(1, 2, 8, 8));
        Node conv = builder.Add("conv", new Convolution { Weight = Draw.Weights(1, 0.3, 12, 2, 3, 3), Bias = Draw.Weights(2, 0.1, 12), Sliding = sliding }, x);
        Node grouped = builder.Add("grouped", new Convolution { Weight = Draw.Weights(3, 0.3, 6, 4, 3, 3), Groups = 3, Sliding = sliding }, builder.Add("relu", new Relu(), conv));
        Node wide = builder.Add("wide", new TransposedConvolution { Weight = Draw.Weights(4, 0.3, 6, 2, 2, 2), Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, grouped);
        builder.Output(builder.Add("dense", new Dense { Weight = Draw.Weights(5, 0.1, 512, 3), Bias = Draw.Weights(6, 0.1, 3) }, builder.Add("flat", new Flatten(), wide)));
        return builder.Build();
    }

    /// <summary>Runs a layer with its weights squared and no bias on drawn values, and lets the true adjoint through.</summary>
    sealed class SquaresRule(Node node) : INodeRule
    {
        public int Wanted { get; init; }

        public Shape From { get; private set; }

        public Shape To { get; private set; }

        public float[] Given { get; private set; } = [];

        public float[] Output { get; private set; } = [];

        public float[] Signal { get; private set; } = [];

        public float[] Carried { get; private set; } = [];

        public bool AppliesTo(Node candidate) => candidate == node;

        public Layer? Variant(Node candidate, int variant) => variant switch
        {
            0 => Squared(candidate),
            2 => new Dense { Weight = Draw.Weights(1, 1, 512, 4) },
            _ => null,
        };

        public static Layer Squared(Node node) => Squared(node.Layer);

        public static Layer Squared(Layer layer)
        {
            WeightSource weights = new MemoryWeights(Array.ConvertAll(layer.Weights[0].Value.ToArray(), w => w * w), [.. layer.Weights[0].Value.Extents]);
            return layer switch
            {
                Convolution c => new Convolution { Weight = weights, Sliding = c.Sliding, Groups = c.Groups },
                TransposedConvolution t => new TransposedConvolution { Weight = weights, Sliding = t.Sliding },
                _ => new Dense { Weight = weights },
            };
        }

        public void Backward(in NodeBackward call)
        {
            (From, To) = (call.InputShape(0), call.OutputShape);
            (Given, Output) = (Draw.Normal(7, From), new float[To.Count]);
            call.Forward(Wanted, Given, Output);
            var signal = new float[call.SignalShape.Count];
            call.ReadSignal(signal);
            (Signal, Carried) = (signal, new float[From.Count * call.Seeds]);
            call.Propagate(Wanted, signal, Carried);
            call.Propagate(signal);
        }
    }
}
