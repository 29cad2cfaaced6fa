using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.Attribution.Relevance;

/// <summary>DeepLIFT on paper, against the rescale rule in double, and complete.</summary>
public class DeepLiftTests
{
    // h = (2 x1 + x2 - 1, -x1 + 2 x2 + 1, -x1 - x2 + 0.5) is (3, 4, -2.5) at (1, 2) and (-1, 1, 0.5) at 0; rectified (3, 4, 0) and (0, 1, 0.5): slopes 3/4, 3/3,
    // 0.5/3. y = h1 + h2/2 + 3 h3 + 2 is 7 and 4. Multipliers of h: (0.75, 0.5, 0.5); of x: 1.5 - 0.5 - 0.5 = 0.5 and 0.75 + 1 - 0.5 = 1.25. Shares 0.5 and 2.5.
    [Fact]
    public void Dense_layers_with_biases()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        Node hidden = builder.Add("hidden", Matrix([2, 1, -1, 2, -1, -1], 3, [-1, 1, 0.5f]), x);
        builder.Output(builder.Add("y", Matrix([1, 0.5f, 3], 1, [2]), builder.Add("relu", new Relu(), hidden)));
        Check(builder, [1, 2], [0, 0], Target.Class(0), [0.5f, 2.5f], 3);
    }

    // Windows (1, 5) and (2, 3) against (4, 0) and (0, 1): maxima 5, 3 and 4, 1, y = 2 p1 + p2. The input's winners, places 1 and 3, get 2 (5 - 4) and 3 - 1. The other
    // way round the baseline's winners, the same places, get 2 (4 - 5) and 1 - 3.
    [Fact]
    public void Max_pooling_gives_rises_to_the_inputs_winner_and_falls_to_the_baselines()
    {
        foreach ((float[] at, float[] from, float sign) in new[] { ((float[])[1, 5, 2, 3], (float[])[4, 0, 0, 1], 1f), ([4, 0, 0, 1], [1, 5, 2, 3], -1f) })
        {
            var builder = new NetworkBuilder();
            Node x = builder.Input("x", new Shape(1, 1, 1, 4));
            Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (1, 2), Stride = (1, 2) } }, x);
            builder.Output(builder.Add("y", Matrix([2, 1], 1), builder.Add("flat", new Flatten(), pool)));
            Check(builder, at, from, Target.Class(0), [0, 2 * sign, 0, 2 * sign], 4 * sign);
        }
    }

    // y = 2 sigmoid(x1 - x2) is 2 x 0.731059 at (3, 2), 1 at 0: 0.462117 over a change of 1.
    [Fact]
    public void Smooth_activations_are_rescaled()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        builder.Output(builder.Add("y", Matrix([2], 1), builder.Add("squash", new Sigmoid(), builder.Add("d", Matrix([1, -1], 1), x))));
        Check(builder, [3, 2], [0, 0], Target.Class(0), [3 * 0.462117f, -2 * 0.462117f], 0.462117f);
    }

    // relu(x1 - x2 + 1) is 1 at (1, 1) as at 0: the slope at the input, 1, stands in.
    [Fact]
    public void What_does_not_change_has_its_slope()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        builder.Output(builder.Add("y", new Relu(), builder.Add("d", Matrix([1, -1], 1, [1]), x)));
        Check(builder, [1, 1], [0, 0], Target.Class(0), [1, -1], 0);
    }

    // softmax(1, 0) = 0.731059 against 0.5: the first slope is 0.231059, the second, without a change, the gradient -0.731059 x 0.268941 = -0.196612; their mean 0.0172235
    // comes off. Share 0.213835 of a gain of 0.231059: not complete.
    [Fact]
    public void Softmax_is_captums()
    {
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("prob", new Softmax { Axis = 1 }, builder.Input("x", new Shape(1, 2))));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new DeepLift(engine).Attribute(Row(network, [1, 0]), Target.Neuron("prob", 0));
        Assert.Equal(0.213835f, result.Row(0)[0], 1e-5f);
        Assert.Equal(0, result.Row(0)[1]);
        Assert.Equal(0.213835 - 0.231059, Assert.Single(result.ConvergenceDeltas!), 1e-5);
    }

    /// <summary>Overlapping pools, slopes below zero, shared and own baselines, several targets: the rescale rule in double, and complete.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_its_definition_and_complete(bool shared)
    {
        using Network small = RandomNets.Small(), normed = RandomNets.Normed(folded: false), pools = Pools();
        foreach (Network network in new[] { small, normed, pools })
        {
            using Engine engine = network.On(Device.Cpu);
            int size = network.InputShape.Count;
            Tensor<float> input = Methods.Samples(network, 3);
            float[] x = new float[3 * size], from = Draw.Normal(77, shared ? size : 3 * size);
            input.FlattenTo(x);
            Shape shape = network.InputShape.WithSamples(shared ? 1 : 3);
            AttributionResult result = new DeepLift(engine) { Baseline = Baseline.Of(Tensor.Create(from, shape.ToLengths())) }.Attribute(input, [Target.Class(2), Target.Class(0)]);
            for (int row = 0; row < 6; row++)
            {
                int n = row / 2, unit = row % 2 == 0 ? 2 : 0;
                (double[] map, double gain) = Oracle(network, x.AsSpan(n * size, size), from.AsSpan(shared ? 0 : n * size, size), unit);
                Agreement.Close(map, result.Row(row), 1e-4, $"row {row}");
                Assert.Equal(gain, map.Sum(), 1e-9);
                Assert.True(Math.Abs(result.ConvergenceDeltas![row]) <= 1e-5 * map.Sum(Math.Abs), $"row {row}: {result.ConvergenceDeltas[row]} of {gain}");
            }
        }
    }

    [Fact]
    public void Local_response_normalisation_has_its_gradient_and_the_delta_says_so()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new DeepLift(engine).Attribute(Methods.Samples(network, 1), Target.Class(0));
        double gain = Value(Methods.Samples(network, 1)) - Value(Tensor.Create(new float[network.InputShape.Count], network.InputShape.ToLengths())), sum = 0;
        foreach (float share in result.Row(0))
            sum += share;
        Assert.Equal(sum - gain, Assert.Single(result.ConvergenceDeltas!), 1e-5);
        Assert.True(Math.Abs(sum - gain) > 1e-4);

        double Value(Tensor<float> x) => new Saliency(engine).Attribute(x, Target.Class(0)).Units[0].Activation;
    }

    static (double[] Map, double Gain) Oracle(Network network, ReadOnlySpan<float> x, ReadOnlySpan<float> from, int unit)
    {
        NetworkOracle here = new(network, network.InputShape, x), there = new(network, network.InputShape, from);
        double[] seed = new double[here[network.Output].Values.Length];
        seed[unit] = 1;
        double[] multipliers = here.Backward(network.Output, seed, BackwardRule.Gradient, taken: Take)[network.Input];
        double[] map = new double[x.Length];
        for (int i = 0; i < map.Length; i++)
            map[i] = multipliers[i] * ((double)x[i] - from[i]);
        return (map, here[network.Output].Values[unit] - there[network.Output].Values[unit]);

        double[][]? Take(Node node, OracleArray[] inputs, double[] signal)
        {
            double[] own = inputs[0].Values, other = there[node.Inputs[0]].Values, y = here[node].Values, y0 = there[node].Values;
            switch (node.Layer)
            {
                case Relu or LeakyRelu:
                    return [[.. signal.Select((s, i) => own[i] == other[i] ? (own[i] > 0 ? s : 0) : s * (y[i] - y0[i]) / (own[i] - other[i]))]];
                case MaxPool:
                    var shares = new double[own.Length];
                    Shape pooled = here[node].Shape, shape = inputs[0].Shape;
                    for (int i = 0; i < signal.Length; i++)
                    {
                        int plane = i / (pooled.H * pooled.W) * shape.H * shape.W;
                        if (y[i] > y0[i])
                            shares[plane + here.Record.Switches[node][i]] += signal[i] * (y[i] - y0[i]);
                        else
                            shares[plane + there.Record.Switches[node][i]] += signal[i] * (y[i] - y0[i]);
                    }

                    return [[.. shares.Select((s, i) => s == 0 ? 0 : s / (own[i] - other[i]))]];
                default:
                    return null;
            }
        }
    }

    /// <summary>Overlapping max pools, one behind the other.</summary>
    static Network Pools()
    {
        var builder = new NetworkBuilder();
        var sliding = new Window { Kernel = (3, 3), Stride = (2, 2), CeilMode = true };
        Node x = builder.Input("x", new Shape(1, 3, 11, 10));
        Node a = builder.Add("a_pool", new MaxPool { Sliding = sliding }, builder.Add("a_relu", new Relu(), builder.Add("a", SmallNetworks.Filters(1, 6, 3), x)));
        Node b = builder.Add("b_pool", new MaxPool { Sliding = sliding }, builder.Add("b_relu", new Relu(), builder.Add("b", SmallNetworks.Filters(2, 5, 6), a)));
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(3, 20, 3), builder.Add("flat", new Flatten(), b)));
        return builder.Build();
    }

    static void Check(NetworkBuilder builder, float[] x, float[] from, Target target, float[] expected, float gain)
    {
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new DeepLift(engine) { Baseline = Baseline.Of(Row(network, from)) }.Attribute(Row(network, x), target);
        Assert.Equal(expected, result.Row(0).ToArray(), (a, b) => Math.Abs(a - b) <= 1e-4f);
        Assert.Equal(expected.Sum() - gain, Assert.Single(result.ConvergenceDeltas!), 1e-4);
        Assert.Equal(0, expected.Sum() - gain, 1e-4);
    }

    static Tensor<float> Row(Network network, float[] values) => Tensor.Create(values, network.InputShape.ToLengths());

    static Dense Matrix(float[] weights, int outputs, float[]? bias = null) => new()
    {
        Weight = new MemoryWeights(weights, outputs, weights.Length / outputs), Bias = bias is null ? null : new MemoryWeights(bias, outputs), OutputMajor = true,
    };
}
