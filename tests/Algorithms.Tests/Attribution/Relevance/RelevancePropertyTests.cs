using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Attribution.Relevance;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution.Relevance;

/// <summary>What holds for relevance whatever the network: conservation, signs, samples that know nothing of each other, errors that name what is wrong.</summary>
public class RelevancePropertyTests
{
    /// <summary>Rules under which nothing is absorbed: every output of a layer has inputs to share with.</summary>
    [Theory]
    [InlineData("epsilon")]
    [InlineData("gamma")]
    [InlineData("gamma, signs apart")]
    [InlineData("z+")]
    [InlineData("alpha 1 beta 0")]
    [InlineData("flat")]
    [InlineData("w2")]
    [InlineData("z-box")]
    public void Without_biases_relevance_is_conserved(string name)
    {
        RelevanceRule rule = RandomNets.Rules[name];
        using Network network = RandomNets.Small(biases: false);
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new LayerwiseRelevance(engine, RelevanceComposite.Of(name, _ => rule)).Attribute(Methods.Samples(network, 3), [Target.Class(0), Target.Class(1)]);
        for (int row = 0; row < 6; row++)
        {
            float started = result.Units[row].Activation, size = TensorPrimitives.SumOfMagnitudes(result.Row(row));
            Assert.True(size > 0.1f * Math.Abs(started), $"row {row}: next to nothing arrives");
            // Epsilon takes 1e-6 off every sum, of which the least are near 1e-2.
            Assert.True(Math.Abs(result.ConvergenceDeltas![row]) <= 1e-3 * size, $"row {row}: {result.ConvergenceDeltas[row]} of {started}");
        }
    }

    [Fact]
    public void What_is_not_negative_stays_so_under_z_plus()
    {
        using Network network = SmallNetworks.Mixed();
        // Exact convolutions: others leave roundings of either sign where there is nothing.
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
        var zplus = new LayerwiseRelevance(engine, RelevanceComposite.Of("z+", _ => new ZPlusRule()));
        AttributionResult result = zplus.Attribute(Methods.Samples(network, 4), Target.TopK(2));
        for (int row = 0; row < 8; row++)
        {
            int sign = Math.Sign(result.Units[row].Activation);
            foreach (float relevance in result.Row(row))
                Assert.True(relevance * sign >= 0, $"row {row}: {relevance}");
            Assert.True(TensorPrimitives.SumOfMagnitudes(result.Row(row)) > 0);
        }
    }

    public static TheoryData<string> Methods_ => ["epsilon-plus", "alpha-beta", "gamma-box", "deeplift", "deeplift of its own"];

    /// <summary>Bit for bit, in batches of 1 to 9, each target alone and with others, in as many goes as little memory takes.</summary>
    [Theory]
    [MemberData(nameof(Methods_))]
    public void Samples_and_targets_do_not_depend_on_others(string name)
    {
        using Network mixed = SmallNetworks.Mixed(), normed = RandomNets.Normed(folded: false);
        foreach (Network network in new[] { mixed, normed })
        {
            using Engine engine = network.On(Device.Cpu);
            Target[] targets = [Target.Class(2), Target.Argmax, Target.TopK(2)];
            AttributionMethod method = Make(name, engine, network, null);
            AttributionResult together = method.Attribute(Methods.Samples(network, 9), targets);
            for (int n = 0; n < 9; n += 4)
            {
                AttributionResult alone = Make(name, engine, network, n).Attribute(Methods.Samples(network, 1, n), targets);
                for (int k = 0; k < 4; k++)
                    Agreement.SameBits(alone.Row(k), together.Row(n * 4 + k), $"{name}, sample {n}, map {k}");
                Assert.Equal(alone.ConvergenceDeltas!, together.ConvergenceDeltas!.Skip(n * 4).Take(4));
                AttributionResult single = Make(name, engine, network, n).Attribute(Methods.Samples(network, 1, n), Target.Class(2));
                Agreement.SameBits(single.Row(0), together.Row(n * 4), $"{name}, sample {n}, one target");
            }

            long least = 1 << 12;
            AttributionResult? streamed = null;
            for (; streamed is null; least *= 2)
            {
                try
                {
                    streamed = method.Attribute(Methods.Samples(network, 9), targets, new AttributionOptions { MemoryBudget = least });
                }
                catch (PreimageException e) when (e.Message.Contains("MemoryBudget", StringComparison.Ordinal))
                {
                    // Not even one map fits yet.
                }
            }

            for (int row = 0; row < 36; row++)
                Agreement.SameBits(together.Row(row), streamed.Row(row), $"{name} in {least / 2} bytes, row {row}");
            Assert.Equal(together.Units, streamed.Units);
            Assert.Equal(together.ConvergenceDeltas!, streamed.ConvergenceDeltas!);
        }

        static AttributionMethod Make(string name, Engine engine, Network network, int? sample)
        {
            int size = network.InputShape.Count;
            return name switch
            {
                "epsilon-plus" => new LayerwiseRelevance(engine),
                "alpha-beta" => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonAlpha2Beta1().WithFirst(new FlatRule())),
                "gamma-box" => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonGammaBox(new ZBoxRule(-5, 5))),
                "deeplift" => new DeepLift(engine),
                _ => new DeepLift(engine)
                {
                    Baseline = Baseline.Of(Tensor.Create(
                        sample is { } n ? Draw.Normal(99, 9 * size)[(n * size)..((n + 1) * size)] : Draw.Normal(99, 9 * size),
                        network.InputShape.WithSamples(sample is null ? 9 : 1).ToLengths())),
                },
            };
        }
    }

    [Fact]
    public void A_method_can_be_made_again_for_another_engine()
    {
        using Network network = RandomNets.Small();
        using Engine engine = network.On(Device.Cpu), other = network.On(Device.Cpu);
        AttributionMethod relevance = new LayerwiseRelevance(engine, RelevanceComposite.EpsilonPlus(0.01f).WithFirst(new FlatRule()).With("logits", new ZPlusRule())) { Seed = Seed.One };
        AttributionMethod lift = new DeepLift(engine) { Baseline = Baseline.Value(0.5f) };
        foreach (AttributionMethod method in new[] { relevance, lift })
        {
            AttributionResult here = method.Attribute(Methods.Samples(network, 1), Target.Class(0)), there = method.On(other).Attribute(Methods.Samples(network, 1), Target.Class(0));
            Agreement.SameBits(here.Row(0), there.Row(0), method.Name);
            Assert.Equal(here.Settings, there.Settings);
            Assert.Equal(method.Name, MethodCatalogue.ByName(method.Name).Make(engine).Name);
        }

        Assert.Equal("epsilon-plus(0.01); first flat(); logits z+()", relevance.Settings[0].Value);
        Assert.Equal("1", relevance.Settings[1].Value);
        Assert.Equal("gamma(0.25, bias Unchanged)", new GammaRule().ToString());
        Assert.Equal("z-box(-1, 2)", new ZBoxRule(-1, 2).ToString());
    }

    /// <summary>The same packed copies of parts of weights, whichever method asks for them.</summary>
    [Fact]
    public void Further_methods_pack_no_further_weights()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        new LayerwiseRelevance(engine).Attribute(Methods.Samples(network, 1), Target.Class(0));
        long packed = engine.PackedBytes;
        new LayerwiseRelevance(engine).Attribute(Methods.Samples(network, 2), Target.Class(1));
        Assert.Equal(packed, engine.PackedBytes);
    }

    [Fact]
    public void Errors_name_the_node_or_the_number()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 4));
        Node hidden = builder.Add("hidden", SmallNetworks.Matrix(1, 4, 4), x), gate = builder.Add("gate", new Sigmoid(), builder.Add("open", SmallNetworks.Matrix(2, 4, 4), x));
        Node product = builder.Add("product", new Arithmetic(ArithmeticOperation.Mul), hidden, gate);
        Node soft = builder.Add("soft", new Softmax { Logarithm = true }, hidden);
        builder.Output(builder.Add("y", SmallNetworks.Matrix(3, 4, 2), builder.Add("both", new Arithmetic(ArithmeticOperation.Add), product, soft)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Methods.Samples(network, 1);
        foreach (AttributionMethod method in new AttributionMethod[] { new LayerwiseRelevance(engine), new DeepLift(engine) })
        {
            Assert.Equal("product", Assert.Throws<ModelException>(() => method.Attribute(input, Target.Neuron("product", 0))).Node);
            Assert.Equal("soft", Assert.Throws<ModelException>(() => method.Attribute(input, Target.Neuron("soft", 0))).Node);
            Assert.Contains("AttributionOptions.Rule", Says(() => method.Attribute(input, Target.Neuron("hidden", 0), new AttributionOptions { Rule = BackwardRule.Guided })), StringComparison.Ordinal);
            // Below them there is nothing wrong.
            Assert.Contains(method.Attribute(input, Target.Neuron("hidden", 0)).Row(0).ToArray(), v => v != 0);
        }

        Assert.Contains("'nowhere'", Says(() => _ = new LayerwiseRelevance(engine, RelevanceComposite.EpsilonOnly().With("nowhere", new FlatRule()))), StringComparison.Ordinal);
        Assert.Contains("'gate'", Says(() => _ = new LayerwiseRelevance(engine, RelevanceComposite.EpsilonOnly().With("gate", new FlatRule()))), StringComparison.Ordinal);
        Assert.Contains("3 channels", Says(() => new LayerwiseRelevance(engine, RelevanceComposite.EpsilonGammaBox(new ZBoxRule([0, 0, 0], [1, 1, 1]))).Attribute(input, Target.Neuron("hidden", 0))), StringComparison.Ordinal);
        Assert.Contains("KeepRecord", Says(() => new DeepLift(engine).Attribute(input, Target.Neuron("hidden", 0), new AttributionOptions { KeepRecord = true })), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaBetaRule(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AlphaBetaRule(0.5f, -0.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EpsilonRule(float.NaN));
        Assert.Throws<ArgumentException>(() => new ZBoxRule(1, 0));
        Assert.Throws<ArgumentException>(() => new ZBoxRule([0, 0], [1, 1, 1]));

        static string Says(Action act) => Assert.ThrowsAny<PreimageException>(act).Message;
    }
}
