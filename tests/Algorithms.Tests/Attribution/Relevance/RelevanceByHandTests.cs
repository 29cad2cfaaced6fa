using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Attribution.Relevance;

/// <summary>Relevance on networks small enough to be worked out on paper; the working is in the comments.</summary>
public class RelevanceByHandTests
{
    const float Tolerance = 1e-4f;

    // x = (1, 2).
    // h1 =  2 x1 +   x2 - 1   =  3
    // h2 = -  x1 + 2 x2 + 1   =  4
    // h3 = -  x1 -   x2 + 0.5 = -2.5, rectified 0
    // y  =    h1 + h2/2 + 3 h3 + 2 = 3 + 2 + 0 + 2 = 7, with which relevance starts.
    static Network Dense()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        Node hidden = builder.Add("hidden", Matrix([2, 1, -1, 2, -1, -1], 3, [-1, 1, 0.5f]), x);
        builder.Output(builder.Add("y", Matrix([1, 0.5f, 3], 1, [2]), builder.Add("relu", new Relu(), hidden)));
        return builder.Build();
    }

    public static TheoryData<string, float, float> Rules => new()
    {
        // R_h = (3/7, 2/7, 0) 7 = (3, 2, 0). Of h1 the inputs have 2/3 and 2/3 (the bias -1/3), of h2 -1/4 and 4/4 (the bias 1/4):
        // R_1 = 2 - 0.5, R_2 = 2 + 2.
        { "epsilon", 1.5f, 4 },
        // With epsilon 1: R_h = 7 (3, 2)/8 = (2.625, 1.75); shares 2/4, 2/4 of h1 and -1/5, 4/5 of h2:
        // R_1 = 1.3125 - 0.35, R_2 = 1.3125 + 1.4.
        { "epsilon 1", 0.9625f, 2.7125f },
        // No biases in the sums: R_h = 7 (3, 2)/5 = (4.2, 2.8); shares 2/4, 2/4 and -1/3, 4/3: R_1 = 2.1 - 0.93333, R_2 = 2.1 + 3.73333.
        { "epsilon without bias", 1.16667f, 5.83333f },
        // Weights plus a quarter of the positive ones, biases as they are. y: 3.75 + 2.5 + 2 = 8.25, R_h = 7 (3.75, 2.5)/8.25 = (3.18182, 2.12121).
        // h1: 2.5 + 2.5 - 1 = 4, h2: -1 + 5 + 1 = 5: R_1 = 1.98864 - 0.42424, R_2 = 1.98864 + 2.12121.
        { "gamma", 1.56439f, 4.10985f },
        // Biases as weights, signs apart: y: 3.75 + 2.5 + 2.5 = 8.75, R_h = (3, 2). h1: 2.5 + 2.5 - 1 = 4, h2: -1 + 5 + 1.25 = 5.25:
        // R_1 = 1.875 - 0.38095, R_2 = 1.875 + 1.90476.
        { "gamma zennit", 1.49405f, 3.77976f },
        // Positive contributions: y: 3 + 2 + 2, R_h = (3, 2). h1: 2 + 2 = 4, h2: 4 + 1 = 5: R_1 = 1.5, R_2 = 1.5 + 1.6.
        { "z+", 1.5f, 3.1f },
        // Positive weights, biases as they are: h1: 2 + 2 - 1 = 3: R_1 = 2, R_2 = 2 + 1.6.
        { "alpha1 beta0", 2, 3.6f },
        // Twice the positive shares, R_h = (6, 4), less the negative ones, of which y has none. h1: 2 x 6 x (2, 2)/4 = (6, 6), its negative share is the bias's.
        // h2: 2 x 4 x 4/5 = 6.4 to x2, and the whole negative -1/-1 x 4 from x1: R_1 = 6 - 4, R_2 = 6 + 6.4.
        { "alpha2 beta1", 2, 12.4f },
        // Everybody a third, then a half.
        { "flat", 3.5f, 3.5f },
        // y: 1 + 0.25 + 9 + 4 = 14.25, R_h = 7 (1, 0.25, 9)/14.25 = (0.49123, 0.12281, 4.42105). h1: (4, 1)/6, h2: (1, 4)/6, h3: (1, 1)/2.25:
        // R_1 = 0.32749 + 0.02047 + 1.96491, R_2 = 0.08187 + 0.08187 + 1.96491.
        { "w2", 2.31287f, 2.12865f },
        // At the first layer, inputs between -1 and 3, R_h = (3, 2, 0) by epsilon. h1: 1 x 2 + 1 x 2 = 4 and 2 x 1 + 1 x 1 = 3 of 7;
        // h2: 1 x -1 - 3 x -1 = 2 and 2 x 2 + 1 x 2 = 6 of 8: R_1 = 12/7 + 0.5, R_2 = 9/7 + 1.5.
        { "z-box", 2.21429f, 2.78571f },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Dense_layers_with_biases(string name, float first, float second)
    {
        using Network network = Dense();
        using Engine engine = network.On(Device.Cpu);
        Check(engine, Composite(name), [1, 2], 7, [first, second]);
    }

    static RelevanceComposite Composite(string name)
    {
        RelevanceRule rule = name switch
        {
            "epsilon 1" => new EpsilonRule(1),
            "epsilon without bias" => new EpsilonRule { Bias = RelevanceBias.LeftOut },
            "gamma" => new GammaRule(0.25f),
            "gamma zennit" => new GammaRule(0.25f) { SplitsSigns = true, Bias = RelevanceBias.AsWeight },
            "z+" => new ZPlusRule(),
            "alpha1 beta0" => new Alpha1Beta0Rule(),
            "alpha2 beta1" => new AlphaBetaRule(2, 1),
            "flat" => new FlatRule(),
            "w2" => new WSquareRule(),
            _ => new EpsilonRule(),
        };
        RelevanceComposite composite = RelevanceComposite.Of(name, _ => rule);
        return name == "z-box" ? composite.WithFirst(new ZBoxRule(-1, 3)) : composite;
    }

    /// <summary>Filters (1, 0.5) over (1, 2, 3, 4): z = (2, 3.5, 5).</summary>
    [Fact]
    public void Pooling_gives_to_the_winner_or_in_proportion()
    {
        // The greatest, 5 = 3 + 2, has all.
        Pooled(new MaxPool { Sliding = new Window { Kernel = (1, 3) } }, 5, [0, 0, 3, 2]);
        // The mean 3.5: z has (2, 3.5, 5)/3; of these (1, 1)/2, (2, 1.5)/3.5, (3, 2)/5 go to their pixels.
        Pooled(new AveragePool { Sliding = new Window { Kernel = (1, 3) } }, 3.5f, [1 / 3f, 1, 1.5f, 2 / 3f]);
        Pooled(new GlobalPool(), 3.5f, [1 / 3f, 1, 1.5f, 2 / 3f]);
        Pooled(new ReduceMean { AxisList = [2, 3] }, 3.5f, [1 / 3f, 1, 1.5f, 2 / 3f]);

        static void Pooled(Layer pool, float value, float[] expected)
        {
            var builder = new NetworkBuilder();
            Node x = builder.Input("x", new Shape(1, 1, 1, 4));
            Node conv = builder.Add("conv", new Convolution { Weight = new MemoryWeights([1, 0.5f], 1, 1, 1, 2), Sliding = new Window { Kernel = (1, 2) } }, x);
            builder.Output(builder.Add("flat", new Flatten(), builder.Add("pool", pool, builder.Add("relu", new Relu(), conv))));
            using Network network = builder.Build();
            using Engine engine = network.On(Device.Cpu);
            Check(engine, RelevanceComposite.EpsilonPlus(), [1, 2, 3, 4], value, expected);
        }
    }

    /// <summary>f = relu(x1 + x2, x2 - 3 x1) = (3, 0), f + x = (4, 2), y = 4 + 2 x 2 = 8: R = (4, 4). Of 4 = 3 + 1, f1 has 3 and x1 has 1; of 2 = 0 + 2, x2 has
    /// all 4. f1 = 1 + 2 hands down 1 and 2.</summary>
    [Fact]
    public void A_residual_sum_shares_in_proportion()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        Node relu = builder.Add("relu", new Relu(), builder.Add("f", Matrix([1, 1, -3, 1], 2), x));
        builder.Output(builder.Add("y", Matrix([1, 2], 1), builder.Add("sum", new Arithmetic(ArithmeticOperation.Add), relu, x)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Check(engine, RelevanceComposite.EpsilonOnly(), [1, 2], 8, [1 + 1, 4 + 2]);
    }

    /// <summary>a = 2 x1 = 2 and b = x1 + x2 = 3 side by side, y = 3 a - b = 3: R = (6, -3), handed down as 6 to x1, and -1, -2.</summary>
    [Fact]
    public void Joined_values_keep_their_own()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        Node joined = builder.Add("joined", new Concat(1), builder.Add("a", Matrix([2, 0], 1), x), builder.Add("b", Matrix([1, 1], 1), x));
        builder.Output(builder.Add("y", Matrix([3, -1], 1), joined));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Check(engine, RelevanceComposite.EpsilonOnly(), [1, 2], 3, [5, -2]);
    }

    /// <summary>u = 2 x - 1, then 3 (u - 1) / 2 + 0.5 = 3 x - 2.5 over x = (1, 2, 3): z = (0.5, 3.5, 6.5), y = 10.5, R_z = z. As one layer, epsilon gives
    /// 3 x / z z = (3, 6, 9), z+ all of z, for the bias is negative. As two, z+ below would share what 3 u / 2 of z has.</summary>
    [Fact]
    public void A_norm_counts_as_a_part_of_its_convolution()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, 1, 3));
        Node conv = builder.Add("conv", new Convolution
        {
            Weight = new MemoryWeights([2], 1, 1, 1, 1), Bias = new MemoryWeights([-1], 1), Sliding = new Window { Kernel = (1, 1) },
        }, x);
        Node norm = builder.Add("norm", new BatchNormalisation
        {
            Scale = new MemoryWeights([3], 1), Shift = new MemoryWeights([0.5f], 1), Mean = new MemoryWeights([1], 1), Variance = new MemoryWeights([4], 1), Epsilon = 0,
        }, conv);
        builder.Output(builder.Add("y", Matrix([1, 1, 1], 1), builder.Add("flat", new Flatten(), builder.Add("relu", new Relu(), norm))));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Check(engine, RelevanceComposite.EpsilonOnly(), [1, 2, 3], 10.5f, [3, 6, 9]);
        Check(engine, RelevanceComposite.EpsilonPlus(), [1, 2, 3], 10.5f, [0.5f, 3.5f, 6.5f]);
        // A unit of the convolution itself knows nothing of the norm: u2 = 4 - 1.
        AttributionResult inner = new LayerwiseRelevance(engine, RelevanceComposite.EpsilonOnly()).Attribute(Row(engine, [1, 2, 3]), Target.Neuron("conv", 1));
        Assert.Equal([0, 4, 0], inner.Row(0).ToArray(), Near);
    }

    /// <summary>A norm that follows something else is a layer of its own: y = 2 (x - 1) + 1 = 2 x - 1 = (1, 3), R = (1, 3) shared as 2 x / y.</summary>
    [Fact]
    public void A_norm_by_itself_is_a_linear_layer()
    {
        var builder = new NetworkBuilder();
        Node norm = builder.Add("norm", new BatchNormalisation
        {
            Scale = new MemoryWeights([2], 1), Shift = new MemoryWeights([1], 1), Mean = new MemoryWeights([1], 1), Variance = new MemoryWeights([1], 1), Epsilon = 0,
        }, builder.Input("x", new Shape(1, 1, 1, 2)));
        builder.Output(builder.Add("y", Matrix([1, 1], 1), builder.Add("flat", new Flatten(), norm)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Check(engine, RelevanceComposite.EpsilonPlus(), [1, 2], 4, [2, 4]);
    }

    /// <summary>sigmoid(x1 - x2) with a dense layer of 2 behind it: y = 2 sigmoid(1) = 1.46212 passes the sigmoid whole, to 3 / 1 and -2 / 1.</summary>
    [Fact]
    public void Smooth_activations_pass_relevance_on()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2));
        builder.Output(builder.Add("y", Matrix([2], 1), builder.Add("squash", new Sigmoid(), builder.Add("d", Matrix([1, -1], 1), x))));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Check(engine, RelevanceComposite.EpsilonOnly(), [3, 2], 1.46212f, [3 * 1.46212f, -2 * 1.46212f]);
    }

    [Fact]
    public void Relevance_starts_with_one_where_asked_to()
    {
        using Network network = Dense();
        using Engine engine = network.On(Device.Cpu);
        var method = new LayerwiseRelevance(engine, RelevanceComposite.EpsilonOnly()) { Seed = Seed.One };
        AttributionResult result = method.Attribute(Row(engine, [1, 2]), Target.Class(0));
        Assert.Equal([1.5f / 7, 4f / 7], result.Row(0).ToArray(), Near);
        Assert.Equal(5.5 / 7 - 1, Assert.Single(result.ConvergenceDeltas!), 1e-4);
        Assert.Equal(Seed.One, result.Options.Seed);
        // Whatever the options say: it is the method's own setting.
        Assert.Equal(result.Row(0).ToArray(), method.Attribute(Row(engine, [1, 2]), Target.Class(0), new AttributionOptions { Seed = Seed.Activation }).Row(0).ToArray());
    }

    static void Check(Engine engine, RelevanceComposite composite, float[] x, float started, float[] expected)
    {
        AttributionResult result = new LayerwiseRelevance(engine, composite).Attribute(Row(engine, x), Target.Class(0));
        Assert.Equal(started, result.Units[0].Activation, Tolerance);
        Assert.Equal(expected, result.Row(0).ToArray(), Near);
        Assert.Equal(expected.Sum() - started, Assert.Single(result.ConvergenceDeltas!), 1e-4);
    }

    static bool Near(float a, float b) => Math.Abs(a - b) <= Tolerance;

    static Tensor<float> Row(Engine engine, float[] values) => Tensor.Create(values, engine.Network.InputShape.ToLengths());

    static Dense Matrix(float[] weights, int outputs, float[]? bias = null) => new()
    {
        Weight = new MemoryWeights(weights, outputs, weights.Length / outputs), Bias = bias is null ? null : new MemoryWeights(bias, outputs), OutputMajor = true,
    };
}
