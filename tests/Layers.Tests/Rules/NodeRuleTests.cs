using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Layers.Tests.Rules;

/// <summary>The seam for relevance propagation, used by one rule: the z+ rule (Bach et al. 2015, alpha 1) on convolutions and dense layers.</summary>
public class NodeRuleTests
{
    /// <summary>Divisions by sums of up to 54 products: as in the oracle test, 1e-5 of the largest magnitude.</summary>
    const double Tolerance = 1e-5;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public void Positive_weights_carry_relevance_as_the_oracle_says(int batch, int seeds)
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu);
        var rule = new PositiveWeightsRule();
        var backward = new BackwardRule(ReluRule.Gradient, Node: rule);
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Batch = batch, Seeds = seeds, Keep = Keep.ForBackward, NodeRule = rule });
        Shape shape = network.InputShape.WithSamples(batch), one = network.InputShape;
        // Positive like pixels: with z+ all relevance is positive, and none is lost but that of dead windows.
        float[] x = Array.ConvertAll(Draw.Normal(5, shape), MathF.Abs), y = new float[3 * batch], maps = new float[shape.Count * seeds];
        float[] seed = Array.ConvertAll(Draw.Normal(6, plan.SeedShape), MathF.Abs);
        plan.Forward(x, y);
        plan.Backward(seed, backward, maps);
        for (int n = 0; n < batch; n++)
        {
            var oracle = new NetworkOracle(network, one, x.AsSpan(n * one.Count, one.Count));
            for (int k = 0; k < seeds; k++)
            {
                int row = n * seeds + k;
                double[] expected = oracle.Backward(network.Output, [.. seed.Skip(row * 3).Take(3)], BackwardRule.Gradient, taken: ZPlus)[network.Input];
                Assert.Contains(expected, v => v > 0);
                Agreement.Close(expected, maps.AsSpan(row * one.Count, one.Count), Tolerance, $"sample {n}, seed {k}");
            }
        }
    }

    /// <summary>The rule is no other name of a gradient: it differs from it, and from the same pass without the transform.</summary>
    [Fact]
    public void The_transform_matters()
    {
        using Network network = Build();
        var oracle = new NetworkOracle(network, network.InputShape, Array.ConvertAll(Draw.Normal(5, network.InputShape), MathF.Abs));
        double[] plain = oracle.Backward(network.Output, [1, 0, 0], BackwardRule.Gradient)[network.Input];
        double[] relevance = oracle.Backward(network.Output, [1, 0, 0], BackwardRule.Gradient, taken: ZPlus)[network.Input];
        Assert.NotEqual(plain, relevance);
        Assert.All(relevance, v => Assert.True(v >= 0));
        Assert.Contains(plain, v => v < 0);
    }

    [Fact]
    public void The_rule_reads_what_the_forward_pass_had()
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu);
        var probe = new ProbeRule();
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, NodeRule = probe });
        float[] x = Draw.Normal(5, network.InputShape);
        plan.Forward(x, new float[3]);
        plan.Backward([1, 2, 3], new BackwardRule(ReluRule.Gradient, Node: probe), new float[x.Length]);
        var oracle = new NetworkOracle(network, network.InputShape, x);
        Assert.Equal(["dense", "relu", "conv"], probe.Visited.Keys);
        foreach ((string name, (float[] input, float[] output, float[] again)) in probe.Visited)
        {
            Node node = network.Nodes[name];
            Agreement.Close(oracle[node.Inputs[0]].Values, input, Tolerance, $"input of {name}");
            Agreement.Close(oracle[node].Values, output, Tolerance, $"output of {name}");
            Agreement.SameBits(output, again, $"{name} run once more");
        }
    }

    [Fact]
    public void Wrong_lengths_and_weightless_transforms_name_the_node()
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu);
        foreach ((string node, string says, Visit visit) in (ReadOnlySpan<(string, string, Visit)>)
            [
                ("conv", "not 1", static (in NodeBackward call) => call.ReadInput(0, new float[1])),
                ("dense", "not 7", static (in NodeBackward call) => call.WriteInputSignal(0, new float[7])),
                ("relu", "no weights", static (in NodeBackward call) => call.Propagate(new float[call.SignalShape.Count], transformed: true)),
            ])
        {
            var rule = new VisitRule(node, visit);
            using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, NodeRule = rule });
            plan.Forward(Draw.Normal(5, network.InputShape), new float[3]);
            var error = Assert.Throws<ModelException>(() => plan.Backward([1, 2, 3], new BackwardRule(ReluRule.Gradient, Node: rule)));
            Assert.Equal(node, error.Node);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
    }

    static Network Build()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 6, 6));
        Node conv = builder.Add("conv", new Convolution
        {
            Weight = Draw.Weights(1, 0.3, 6, 2, 3, 3), Bias = Draw.Weights(2, 0.1, 6), Sliding = new Window { Kernel = (3, 3), Stride = (2, 2), Pads = (1, 1, 1, 1) },
        }, x);
        Node flat = builder.Add("flat", new Flatten(), builder.Add("relu", new Relu(), conv));
        builder.Output(builder.Add("dense", new Dense { Weight = Draw.Weights(3, 0.3, 54, 3), Bias = Draw.Weights(4, 0.1, 3) }, flat));
        return builder.Build();
    }

    /// <summary>R_i = x_i sum_j w+_ij R_j / z_j with z_j = sum_i w+_ij x_i, in double over the Jacobian of the layer with positive weights and no bias.</summary>
    static double[][]? ZPlus(Node node, OracleArray[] x, double[] signal)
    {
        Layer? positive = node.Layer switch
        {
            Convolution c => new Convolution { Weight = Positive(c.Weight), Sliding = c.Sliding, Groups = c.Groups },
            Dense d => new Dense { Weight = Positive(d.Weight), OutputMajor = d.OutputMajor, Alpha = d.Alpha },
            _ => null,
        };
        if (positive is null) return node.Layer is Relu ? [signal] : null;
        var shape = node.Layer is Dense dense ? new Shape(1, dense.Outputs) : new Shape(1, 6, 3, 3);
        double[] z = OracleForward.Run(positive, shape, x).Values;
        double[] shares = [.. signal.Zip(z, (r, v) => v > 0 ? r / v : 0)];
        double[] back = new OracleJacobian(positive, shape, x, 0).Transposed(shares);
        return [[.. back.Zip(x[0].Values, (b, v) => b * v)]];
    }

    static MemoryWeights Positive(WeightSource weights) =>
        new(Array.ConvertAll(weights.ToArray(), w => Math.Max(w, 0)), [.. weights.Extents]);

    /// <summary>z+ through the public seam: the operator with positive weights run forward (its bias taken off) and back.</summary>
    sealed class PositiveWeightsRule : INodeRule
    {
        public bool AppliesTo(Node node) => node.Layer is Convolution or Dense or Relu;

        public float Transform(Node node, float weight) => Math.Max(weight, 0);

        public void Backward(in NodeBackward call)
        {
            var signal = new float[call.SignalShape.Count];
            call.ReadSignal(signal);
            if (call.Node.Layer is Relu)
            {
                call.WriteInputSignal(0, signal);
                return;
            }

            float[] z = new float[call.OutputShape.Count], x = new float[call.InputShape(0).Count], back = new float[x.Length * call.Seeds];
            call.Forward(z, transformed: true);
            call.ReadInput(0, x);
            float[] bias = call.Node.Layer.Weights.Single(w => w.Key == "bias").Value.ToArray();
            int plane = call.OutputShape.H * call.OutputShape.W, units = call.OutputShape.SampleCount, size = call.InputShape(0).SampleCount;
            for (int i = 0; i < signal.Length; i++)
            {
                int unit = i % units, row = i / units;
                float share = z[row / call.Seeds * units + unit] - bias[unit / plane];
                signal[i] = share > 0 ? signal[i] / share : 0;
            }

            call.Propagate(signal, transformed: true);
            call.ReadInputSignal(0, back);
            for (int i = 0; i < back.Length; i++)
                back[i] *= x[i / size / call.Seeds * size + i % size];
            call.WriteInputSignal(0, back);
        }
    }

    /// <summary>Notes what it sees and lets the true adjoint through.</summary>
    sealed class ProbeRule : INodeRule
    {
        public Dictionary<string, (float[] Input, float[] Output, float[] Again)> Visited { get; } = [];

        public bool AppliesTo(Node node) => node.Layer is not View;

        public void Backward(in NodeBackward call)
        {
            float[] input = new float[call.InputShape(0).Count], output = new float[call.OutputShape.Count], again = new float[output.Length];
            call.ReadInput(0, input);
            call.ReadOutput(output);
            call.Forward(again);
            Visited.Add(call.Node.Name, (input, output, again));
            var signal = new float[call.SignalShape.Count];
            call.ReadSignal(signal);
            call.Propagate(signal);
        }
    }

    delegate void Visit(in NodeBackward call);

    sealed class VisitRule(string name, Visit visit) : INodeRule
    {
        public bool AppliesTo(Node node) => node.Name == name;

        public void Backward(in NodeBackward call) => visit(call);
    }
}
