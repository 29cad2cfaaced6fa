using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Tests.Weights;

/// <summary>Which layers lose their weights, and what takes their place.</summary>
public class RandomisationTests
{
    const int Layers = 10;

    public static TheoryData<string, bool[]> Choices => new()
    {
        { "all", [true, true, true, true, true, true, true, true, true, true] },
        { "part", [false, false, false, true, true, true, true, true, true, true] },
        { "only", [false, false, true, false, false, false, false, false, false, false] },
        { "reverse", [true, true, true, false, false, false, false, false, false, false] },
    };

    /// <summary>Each mode at layer 2 of 10, by reading every array: what is random is the same in every mode, what is kept is the same object.</summary>
    [Theory]
    [MemberData(nameof(Choices))]
    public void Modes_change_what_they_say(string mode, bool[] random)
    {
        using Network network = Small(5);
        Randomisation which = mode switch { "all" => Randomisation.All, "part" => Randomisation.Part(2), "only" => Randomisation.Only(2), _ => Randomisation.Reverse(2) };
        Assert.Equal(mode == "all" ? "all" : $"{mode}(2)", which.ToString());
        using Network changed = network.Randomize(which, 9), all = network.Randomize(Randomisation.All, 9);
        Assert.Equal(Layers, network.WeightLayers.Count);
        for (int i = 0; i < Layers; i++)
        {
            for (int role = 0; role < 2; role++)
            {
                WeightSource now = Weight(changed, i, role);
                if (random[i])
                    Assert.Equal(Weight(all, i, role).ToArray(), now.ToArray());
                else
                    Assert.Same(Weight(network, i, role), now);
            }

            Assert.Equal(random[i], !Weight(network, i, 0).ToArray().SequenceEqual(Weight(changed, i, 0).ToArray()));
        }
    }

    [Fact]
    public void Paper_is_a_cut_normal_with_its_biases()
    {
        using Network network = Small(5).Randomize(Randomisation.All, 1);
        float[] dense = Weight(network, 9, 0).ToArray();
        Assert.All(dense, w => Assert.InRange(w, -0.2f, 0.2f));
        Assert.Equal(0.087963, Math.Sqrt(dense.Average(w => (double)w * w)), 5 * 0.088 / Math.Sqrt(2 * dense.Length));
        Assert.All(Weight(network, 0, 1).ToArray(), b => Assert.Equal(0, b));
        Assert.All(Weight(network, 9, 1).ToArray(), b => Assert.Equal(1, b));
    }

    [Fact]
    public void Seeds_and_layers_differ()
    {
        using Network one = Small(5).Randomize(Randomisation.All, 1), two = Small(5).Randomize(Randomisation.All, 2);
        Assert.NotEqual(Weight(one, 1, 0).ToArray(), Weight(two, 1, 0).ToArray());
        Assert.NotEqual(Weight(one, 1, 0).ToArray(), Weight(one, 3, 0).ToArray().AsSpan(0, Weight(one, 1, 0).Count).ToArray());
    }

    /// <summary>A mean and a deviation of its own for weights and biases alike, within five standard errors.</summary>
    [Fact]
    public void Matching_has_the_moments_of_what_it_replaces()
    {
        var builder = new NetworkBuilder();
        Node input = builder.Input("x", new Shape(1, 200));
        builder.Output(builder.Add("dense", new Dense
        {
            Weight = new SeededWeights(1, 0, Distribution.Gaussian(0.3, 2), 500, 200), Bias = new SeededWeights(1, 1, Distribution.Uniform(4, 5), 500), OutputMajor = true,
        }, input));
        using Network network = builder.Build(), random = network.Randomize(Randomisation.Only(0), 3, RandomWeights.Matching);
        float[] weights = Weight(random, 0, 0).ToArray(), biases = Weight(random, 0, 1).ToArray();
        Assert.NotEqual(Weight(network, 0, 0).ToArray(), weights);
        Assert.Equal(2, weights.Average(w => (double)w), 2 * 5 * 0.3 / Math.Sqrt(weights.Length));
        Assert.Equal(0.3, Deviation(weights), 2 * 5 * 0.3 / Math.Sqrt(2 * weights.Length));
        Assert.Equal(4.5, biases.Average(w => (double)w), 2 * 5 * 0.29 / Math.Sqrt(biases.Length));
        Assert.Equal(0.289, Deviation(biases), 2 * 5 * 0.29 / Math.Sqrt(2 * biases.Length));
    }

    /// <summary>He's deviation for 3x3 over 32 channels, and Glorot's bound for 32 and 32 of them.</summary>
    [Fact]
    public void He_and_Glorot_follow_the_layer()
    {
        using Network network = Small(5);
        using Network he = network.Randomize(Randomisation.All, 4, RandomWeights.He), glorot = network.Randomize(Randomisation.All, 4, RandomWeights.GlorotUniform);
        float[] normal = Weight(he, 1, 0).ToArray(), uniform = Weight(glorot, 1, 0).ToArray();
        double deviation = Math.Sqrt(2.0 / (32 * 9)), bound = Math.Sqrt(6.0 / (64 * 9));
        Assert.Equal(deviation, Deviation(normal), 5 * deviation / Math.Sqrt(2 * normal.Length));
        Assert.InRange(uniform.Max(), 0.99 * bound, bound);
        Assert.InRange(uniform.Min(), -bound, -0.99 * bound);
    }

    /// <summary>A residual network: 20 convolutions and the dense layer count, norms go with the convolution before them.</summary>
    [Fact]
    public void Batch_norms_belong_to_their_convolution()
    {
        using Network network = Topology.ResNet18(1);
        Assert.Equal(21, network.WeightLayers.Count);
        Assert.Equal(["conv1", "conv2_1a", "conv2_1b"], network.WeightLayers.Take(3).Select(n => n.Name));
        Assert.Equal("fc", network.WeightLayers[^1].Name);
        Dictionary<Layer, int> places = WeightLayers.Places(network, [.. network.WeightLayers]);
        for (int i = 0; i < 20; i++)
            Assert.Equal(i, places[network.Nodes[$"{network.WeightLayers[i].Name}_bn"].Layer]);
    }

    [Fact]
    public void Batch_norm_of_a_random_layer_is_untrained()
    {
        const int Channels = 4;
        var builder = new NetworkBuilder();
        Node input = builder.Input("x", new Shape(1, 3, 8, 8));
        Node conv = builder.Add("a", new Convolution { Weight = Some(1, Channels, 3, 3, 3), Sliding = new Window { Kernel = (3, 3) } }, input);
        Node norm = builder.Add("a_bn", Norm(Channels), conv);
        Node second = builder.Add("b", new Convolution { Weight = Some(6, Channels, Channels, 3, 3), Sliding = new Window { Kernel = (3, 3) } }, norm);
        builder.Output(builder.Add("b_bn", Norm(Channels), second));
        using Network network = builder.Build(), random = network.Randomize(Randomisation.Only(0), 1);
        BatchNormalisation reset = (BatchNormalisation)random.Nodes["a_bn"].Layer, kept = (BatchNormalisation)random.Nodes["b_bn"].Layer;
        Assert.Equal([1, 1, 1, 1], reset.Scale.ToArray());
        Assert.Equal([0, 0, 0, 0], reset.Shift.ToArray());
        Assert.Equal([0, 0, 0, 0], reset.Mean.ToArray());
        Assert.Equal([1, 1, 1, 1], reset.Variance.ToArray());
        Assert.Same(((BatchNormalisation)network.Nodes["b_bn"].Layer).Scale, kept.Scale);
    }

    [Fact]
    public void Errors_name_the_layers()
    {
        using Network network = Small(5);
        Assert.Contains("Randomize(only(10)): the network has the layers 0 to 9: 0 conv1_1, 1 conv1_2",
            Assert.Throws<PreimageException>(() => network.Randomize(Randomisation.Only(Layers), 0)).Message, StringComparison.Ordinal);
        Assert.Throws<PreimageException>(() => network.Randomize(Randomisation.Part(-1), 0));
        Assert.Throws<PreimageException>(() => RandomWeights.Gaussian(0));
        Assert.Contains("Relu", Assert.Throws<PreimageException>(() => RandomWeights.He.Of(new Relu())).Message, StringComparison.Ordinal);
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("relu", new Relu(), builder.Input("x", new Shape(1, 3))));
        using Network bare = builder.Build();
        Assert.Throws<PreimageException>(() => bare.Randomize(Randomisation.All, 0));
    }

    /// <summary>Six convolutions and four dense layers.</summary>
    static Network Small(ulong seed) => Topology.TinyVgg(seed, 8, 3, 16, 16);

    static SeededWeights Some(ulong stream, params ReadOnlySpan<int> extents) => new(77, stream, Distribution.Gaussian(1), extents);

    static BatchNormalisation Norm(int channels) => new()
    {
        Scale = Some(2, channels), Shift = Some(3, channels), Mean = Some(4, channels), Variance = new SeededWeights(1, 5, Distribution.Uniform(1, 2), channels),
    };

    static double Deviation(float[] values)
    {
        double mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    static WeightSource Weight(Network network, int layer, int role) => network.WeightLayers[layer].Layer.Weights[role].Value;
}
