using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Integrated gradients against sums written out by hand, and against gradients in double.</summary>
public class IntegratedGradientsTests
{
    /// <summary>
    /// f(x) = 1 - relu(1 - x), the paper's own example: 1 where x is above 1, so that the gradient at x = 2 is 0. From 0 to 2 the gradient is 1 below x = 1, that
    /// is a below 1/2, and 0 from there on (relu'(0) = 0). f(2) - f(0) = 1.
    /// Left, n = 4: x = 0, .5, 1, 1.5 give 1, 1, 0, 0: 2 * 2/4 = 1. Right: x = .5, 1, 1.5, 2 give 1, 0, 0, 0: 2 * 1/4 = 0.5.
    /// Middle: x = .25, .75, 1.25, 1.75: 1. Trapezoid, n = 4: x = 0, 2/3, 4/3, 2 give 1, 1, 0, 0 with weights 1/6, 1/3, 1/3, 1/6: 2 * 1/2 = 1
    /// (captum's weights 1/8, 1/4, 1/4, 1/8 give 2 * 3/8 = 0.75, that is (n - 1) / n of it); n = 3: x = 0, 1, 2 with 1/4, 1/2, 1/4: 2 * 1/4 = 0.5.
    /// Gauss and Legendre, n = 2: x = 0.42, 1.58: 2 * 1/2 = 1; n = 3: x = 0.23, 1, 1.77 with 5/18, 8/18, 5/18: 2 * 5/18 = 0.5556.
    /// </summary>
    [Theory]
    [InlineData(Quadrature.RiemannLeft, 4, 1)]
    [InlineData(Quadrature.RiemannRight, 4, 0.5)]
    [InlineData(Quadrature.RiemannMiddle, 4, 1)]
    [InlineData(Quadrature.RiemannTrapezoid, 4, 1)]
    [InlineData(Quadrature.RiemannTrapezoid, 3, 0.5)]
    [InlineData(Quadrature.GaussLegendre, 2, 1)]
    [InlineData(Quadrature.GaussLegendre, 3, 10 / 18.0)]
    public void A_kink_on_the_way_is_counted_where_the_quadrature_looks(Quadrature quadrature, int steps, double expected)
    {
        using Network network = Kink();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new IntegratedGradients(engine) { Steps = steps, Quadrature = quadrature }.Attribute(Tensor.Create([2f], [1, 1]), Target.Class(0));
        Assert.Equal(expected, result.Row(0)[0], 1e-6);
        Assert.Equal(expected - 1, Assert.Single(result.ConvergenceDeltas!), 1e-6);
        // The plain gradient sees nothing there.
        Assert.Equal(0, new Saliency(engine).Attribute(Tensor.Create([2f], [1, 1]), Target.Class(0)).Row(0)[0]);
    }

    /// <summary>
    /// f(a, b) = a b from (1, 0) to (3, 2): along the path a = 1 + 2t, b = 2t. By a: 2 * integral of 2t = 2; by b: 2 * integral of 1 + 2t = 4; sum 6 = f - f0.
    /// The integrands are linear: one node of Gauss and Legendre, the middle and the trapezoid are exact.
    /// Left, n = 2: t = 0, 1/2: by a 2 * (0 + 1)/2 = 1, by b 2 * (1 + 2)/2 = 3, delta 4 - 6 = -2.
    /// </summary>
    [Fact]
    public void Two_inputs_share_what_their_product_gains()
    {
        var builder = new NetworkBuilder();
        Node a = builder.Input("a", new Shape(1, 1)), b = builder.Input("b", new Shape(1, 1));
        builder.Output(builder.Add("product", new Arithmetic(ArithmeticOperation.Mul), a, b));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        var inputs = new Dictionary<string, Tensor<float>> { ["a"] = Tensor.Create([3f], [1, 1]), ["b"] = Tensor.Create([2f], [1, 1]) };
        Baseline start = Baseline.Of(new Dictionary<string, Tensor<float>> { ["a"] = Tensor.Create([1f], [1, 1]), ["b"] = Tensor.Create([0f], [1, 1]) });
        foreach ((Quadrature quadrature, int steps, float byA, float byB) in ((Quadrature, int, float, float)[])[
            (Quadrature.GaussLegendre, 1, 2, 4), (Quadrature.RiemannMiddle, 3, 2, 4), (Quadrature.RiemannTrapezoid, 2, 2, 4), (Quadrature.RiemannLeft, 2, 1, 3)])
        {
            var reports = new List<AttributionProgress>();
            AttributionResult result = new IntegratedGradients(engine) { Steps = steps, Quadrature = quadrature, Baseline = start }
                .Attribute(inputs, [Target.Class(0)], progress: new Listener(reports));
            Assert.Equal(byA, result.Maps["a"][0, 0], 1e-6f);
            Assert.Equal(byB, result.Maps["b"][0, 0], 1e-6f);
            Assert.Equal(byA + byB - 6, Assert.Single(result.ConvergenceDeltas!), 1e-6);
            Assert.Equal(Enumerable.Range(1, steps).Select(i => (double)i / steps), reports.Select(r => r.Fraction));
        }
    }

    /// <summary>Sums of gradients in double at the same points; two of the three targets' signals are no single unit.</summary>
    [Theory]
    [InlineData(Quadrature.RiemannMiddle, 5)]
    [InlineData(Quadrature.GaussLegendre, 4)]
    public void Maps_are_sums_of_the_oracles_gradients(Quadrature quadrature, int steps)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Shape shape = network.InputShape;
        float[] x = Draw.Normal(503, shape), start = Draw.Normal(77, shape);
        float[][] signals = [[0, 0, 1, 0, 0], [1, -1, 0.5f, 0, 2], [0, 3, 0, 0, -1]];
        QuadratureNodes nodes = QuadratureNodes.Of(quadrature, steps);
        var sums = new double[3, shape.Count];
        for (int i = 0; i < steps; i++)
        {
            float[] at = [.. x.Zip(start, (v, b) => (float)(b + nodes.Alphas[i] * ((double)v - b)))];
            var oracle = new NetworkOracle(network, shape, at);
            // Nearer to a kink, float and double may take different sides.
            Assert.True(oracle.Margin > 1e-6, $"point {i}: {oracle.Margin}");
            for (int k = 0; k < 3; k++)
            {
                double[] gradient = oracle.Backward(network.Output, Array.ConvertAll(signals[k], v => (double)v), BackwardRule.Gradient)[network.Input];
                for (int j = 0; j < gradient.Length; j++) sums[k, j] += nodes.Weights[i] * gradient[j] * ((double)x[j] - start[j]);
            }
        }

        double[] ends = new NetworkOracle(network, shape, x)[network.Output].Values;
        double[] starts = new NetworkOracle(network, shape, start)[network.Output].Values;
        AttributionResult result = new IntegratedGradients(engine) { Steps = steps, Quadrature = quadrature, Baseline = Baseline.Of(Tensor.Create(start, shape.ToLengths())) }
            .Attribute(Tensor.Create(x, shape.ToLengths()), [.. signals.Select(s => Target.Vector(null, s))]);
        for (int k = 0; k < 3; k++)
        {
            double[] expected = [.. Enumerable.Range(0, shape.Count).Select(j => sums[k, j])];
            // As for one backward pass (JacobianOracleTests in the tests of layers): the sum over points adds none to speak of.
            Agreement.Close(expected, result.Row(k), 1e-5, $"signal {k}");
            double gain = signals[k].Select((s, i) => s * (ends[i] - starts[i])).Sum();
            Assert.Equal(expected.Sum() - gain, result.ConvergenceDeltas![k], 1e-4);
        }
    }

    /// <summary>With more points the shares add up better.</summary>
    [Fact]
    public void Deltas_shrink_with_steps()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        double Worst(int steps, Quadrature quadrature) => new IntegratedGradients(engine) { Steps = steps, Quadrature = quadrature }
            .Attribute(Methods.Samples(network, 4), Target.Argmax).ConvergenceDeltas!.Max(Math.Abs);
        foreach (Quadrature quadrature in Enum.GetValues<Quadrature>())
            Assert.True(Worst(300, quadrature) < 0.2 * Worst(5, quadrature), $"{quadrature}: {Worst(5, quadrature)}, {Worst(300, quadrature)}");
    }

    [Fact]
    public void Settings_are_kept_and_bad_ones_refused()
    {
        using Network network = Kink();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> x = Tensor.Create([2f], [1, 1]);
        var method = new IntegratedGradients(engine) { Steps = 7, Quadrature = Quadrature.RiemannLeft, Baseline = Baseline.Value(0.5f) };
        Assert.Equal("steps 7, quadrature RiemannLeft, baseline 0.5", string.Join(", ", method.On(engine).Settings.Select(s => $"{s.Key} {s.Value}")));
        Assert.Equal(method.Settings, method.Attribute(x, 0).Settings);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntegratedGradients(engine) { Steps = 0 });
        Says("at least 2", new IntegratedGradients(engine) { Steps = 1, Quadrature = Quadrature.RiemannTrapezoid });
        Says("2 channels", new IntegratedGradients(engine) { Baseline = Baseline.Channels(1, 2) });
        Says("3 values", new IntegratedGradients(engine) { Baseline = Baseline.Of(Tensor.Create([1f, 2, 3], [1, 3])) });
        string message = Assert.Throws<PreimageException>(() => method.Attribute(x, 0, new AttributionOptions { KeepRecord = true })).Message;
        Assert.Contains("integrated-gradients makes many", message, StringComparison.Ordinal);

        void Says(string what, IntegratedGradients wrong) =>
            Assert.Contains(what, Assert.Throws<PreimageException>(() => wrong.Attribute(x, 0)).Message, StringComparison.Ordinal);
    }

    static Network Kink()
    {
        var builder = new NetworkBuilder();
        Node falling = builder.Add("falling", new Dense { Weight = new MemoryWeights([-1], 1, 1), Bias = new MemoryWeights([1], 1), OutputMajor = true }, builder.Input("x", new Shape(1, 1)));
        Node kink = builder.Add("kink", new Relu(), falling);
        builder.Output(builder.Add("f", new Dense { Weight = new MemoryWeights([-1], 1, 1), Bias = new MemoryWeights([1], 1), OutputMajor = true }, kink));
        return builder.Build();
    }

    sealed class Listener(List<AttributionProgress> reports) : IProgress<AttributionProgress>
    {
        public void Report(AttributionProgress value) => reports.Add(value);
    }
}
