using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>What can be explained, and what a signal starts with.</summary>
public class TargetTests : IDisposable
{
    readonly Network _network = SmallNetworks.Mixed();
    readonly Engine _engine;
    readonly Tensor<float> _input;

    public TargetTests()
    {
        _engine = _network.On(Device.Cpu);
        _input = Methods.Samples(_network, 2);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _network.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Every target is a signal at a node: the plan with that signal gives the same map.</summary>
    [Theory]
    [InlineData(Seed.One)]
    [InlineData(Seed.Activation)]
    public void Targets_are_the_signals_they_name(Seed seed)
    {
        Holds("logits", Target.Class(3), seed, (n, v) => [3]);
        Holds("logits", 1, seed, (n, v) => [1]);
        Holds("logits", Target.Argmax, seed, (n, v) => [Largest(v)]);
        Holds("joined", Target.ArgmaxOf("joined"), seed, (n, v) => [Largest(v)]);
        Holds("joined", Target.Neuron("joined", 100), seed, (n, v) => [100]);
        // 6 maps of 7x6.
        Holds("joined", Target.Neuron("joined", 4, 3, 2), seed, (n, v) => [(4 * 7 + 3) * 6 + 2]);
        Holds("joined", Target.FeatureMap("joined", 2), seed, (n, v) => [.. Enumerable.Range(2 * 42, 42)]);
        Holds("hidden", Target.FeatureMap("hidden", 7), seed, (n, v) => [7]);
        Holds("flat", Target.Neuron("flat", 11), seed, (n, v) => [11]);
    }

    [Fact]
    public void A_vector_is_the_signal_itself()
    {
        float[] vector = [1, -2, 0, 0.5f, 3];
        AttributionResult result = new Saliency(_engine).Attribute(_input, Target.Vector(null, vector));
        for (int n = 0; n < 2; n++)
        {
            Agreement.SameBits(Expected("logits", n, vector), result.Row(n), $"sample {n}");
            Assert.Equal(4, result.Units[n].Unit);
        }
    }

    [Fact]
    public void Top_k_are_the_strongest_units_of_each_sample()
    {
        AttributionResult result = new GuidedBackprop(_engine).Attribute(_input, Target.TopK(3, "hidden"));
        Assert.Equal(6, result.Units.Count);
        for (int n = 0; n < 2; n++)
        {
            float[] values = Values("hidden", n);
            int[] expected = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(3)];
            for (int k = 0; k < 3; k++)
            {
                AttributedUnit unit = result.Units[3 * n + k];
                Assert.Equal((n, "hidden", expected[k], values[expected[k]]), (unit.Sample, unit.Node, unit.Unit, unit.Activation));
                AttributionResult alone = new GuidedBackprop(_engine).Attribute(_input, Target.Neuron("hidden", expected[k]));
                Agreement.SameBits(alone.Row(n), result.Row(3 * n + k), $"sample {n}, rank {k}");
            }
        }
    }

    /// <summary>Positively homogeneous: the map of an activation seed is the unit map times the activation, up to rounding.</summary>
    [Theory]
    [InlineData("saliency")]
    [InlineData("deconvnet")]
    [InlineData("guided")]
    [InlineData("input-x-gradient")]
    public void An_activation_seed_scales_the_map(string name)
    {
        AttributionMethod method = Methods.Make(name, _engine);
        AttributionResult one = method.Attribute(_input, Target.ArgmaxOf("joined")), scaled = method.Attribute(_input, Target.ArgmaxOf("joined"), new AttributionOptions { Seed = Seed.Activation });
        for (int n = 0; n < 2; n++)
        {
            float factor = one.Units[n].Activation;
            Assert.InRange(factor, 0.1f, 100f);
            // Six operators lie between: a few roundings of 6e-8 each.
            Agreement.Close([.. one.Row(n).ToArray().Select(v => (double)v * factor)], scaled.Row(n), 2e-6, $"{name}, sample {n}");
            Assert.False(one.Row(n).SequenceEqual(scaled.Row(n)));
        }

        Assert.Equal(Seed.Activation, scaled.Options.Seed);
    }

    [Fact]
    public void Units_say_where_they_are()
    {
        AttributedUnit unit = new Saliency(_engine).Attribute(_input, Target.Neuron("joined", 4, 3, 2)).Units[1];
        Assert.Equal((1, "joined", (4 * 7 + 3) * 6 + 2, 4, 3, 2), (unit.Sample, unit.Node, unit.Unit, unit.Channel, unit.Y, unit.X));
        Assert.Equal(Values("joined", 1)[unit.Unit], unit.Activation);
        // The strongest of a map stands for it.
        AttributedUnit map = new Saliency(_engine).Attribute(_input, Target.FeatureMap("joined", 2)).Units[0];
        float[] plane = Values("joined", 0)[84..126];
        Assert.Equal(2, map.Channel);
        Assert.Equal(plane.Max(), map.Activation);
    }

    [Fact]
    public void What_is_not_there_is_refused_with_its_range()
    {
        var method = new Saliency(_engine);
        Says(Target.Class(5), "class 5", "0 to 4");
        Says(Target.Class(-1), "class -1", "0 to 4");
        Says(Target.Neuron("joined", 252), "unit 252", "0 to 251");
        Says(Target.Neuron("joined", 6, 0, 0), "channel 0 to 5");
        Says(Target.Neuron("joined", 0, 7, 0), "row 0 to 6");
        Says(Target.Neuron("joined", 0, 0, 6), "column 0 to 5");
        Says(Target.FeatureMap("joined", 6), "feature map 0 to 5");
        Says(Target.TopK(6), "5 units");
        Says(Target.Vector("hidden", 1, 2), "12 units");
        Says(Target.ArgmaxOf("joint"), "'joint'", "joined");
        Assert.Contains("different nodes", Assert.Throws<PreimageException>(() => method.Attribute(_input, [Target.Argmax, Target.ArgmaxOf("joined")])).Message, StringComparison.Ordinal);
        Assert.Contains("no target", Assert.Throws<PreimageException>(() => method.Attribute(_input, [])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Target.TopK(0));

        void Says(Target target, params ReadOnlySpan<string> parts)
        {
            string message = Assert.Throws<PreimageException>(() => method.Attribute(_input, target)).Message;
            foreach (string part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    /// <summary>The map of a target against the plan's, with the signal built by hand.</summary>
    void Holds(string node, Target target, Seed seed, Func<int, float[], int[]> units)
    {
        AttributionResult result = new Saliency(_engine).Attribute(_input, target, new AttributionOptions { Seed = seed });
        for (int n = 0; n < 2; n++)
        {
            float[] values = Values(node, n), signal = new float[values.Length];
            foreach (int unit in units(n, values)) signal[unit] = seed == Seed.One ? 1 : values[unit];
            Agreement.SameBits(Expected(node, n, signal), result.Row(n), $"{target}, sample {n}");
            Assert.Contains(result.Units[n].Unit, units(n, values));
            Assert.Equal(node, result.Units[n].Node);
        }
    }

    float[] Expected(string node, int sample, float[] signal)
    {
        using PlanLoan loan = _engine.Rent(new PlanOptions { Observe = [node], Keep = Keep.ForBackward });
        float[] x = Draw.Normal((ulong)sample + 500, _network.InputShape), map = new float[x.Length];
        loan.Plan.SetInput(_network.Input, x);
        loan.Plan.Forward();
        loan.Plan.Backward(signal, BackwardRule.Gradient, map);
        return map;
    }

    float[] Values(string node, int sample)
    {
        using PlanLoan loan = _engine.Rent(new PlanOptions { Observe = [node] });
        var values = new float[loan.Plan.ShapeOf(_network.Nodes[node]).Count];
        loan.Plan.Forward(Draw.Normal((ulong)sample + 500, _network.InputShape), values);
        return values;
    }

    static int Largest(float[] values) => Array.IndexOf(values, values.Max());
}
