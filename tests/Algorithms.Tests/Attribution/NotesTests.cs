using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>What a result tells its user beside the map: steps taken silently elsewhere, maps without signal, rules without meaning.</summary>
public class NotesTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_softmax_at_the_end_is_stepped_over_and_noted(bool logarithm, bool viewBehind)
    {
        Network Make(bool softmax)
        {
            var builder = new NetworkBuilder();
            Node x = builder.Input("x", new Shape(1, 2, 4, 4));
            Node flat = builder.Add("flat", new Flatten(), builder.Add("relu", new Relu(), builder.Add("conv", SmallNetworks.Filters(1, 3, 2), x)));
            Node top = builder.Add("scores", SmallNetworks.Matrix(2, 48, 4), flat);
            if (softmax) top = builder.Add("prob", new Softmax { Axis = 1, Logarithm = logarithm }, top);
            if (softmax && viewBehind) top = builder.Add("view", new Identity("Dropout"), top);
            builder.Output(top);
            return builder.Build();
        }

        using Network with = Make(true), without = Make(false);
        using Engine a = with.On(Device.Cpu), b = without.On(Device.Cpu);
        foreach (string name in Methods.Names)
        {
            AttributionResult stepped = Methods.Make(name, a).Attribute(Methods.Samples(with, 2), Target.Class(1));
            AttributionResult plain = Methods.Make(name, b).Attribute(Methods.Samples(with, 2), Target.Class(1));
            for (int n = 0; n < 2; n++) Agreement.SameBits(plain.Row(n), stepped.Row(n), $"{name}, sample {n}");
            Assert.Empty(plain.Notes);
            string note = Assert.Single(stepped.Notes);
            Assert.Contains("softmax ('prob')", note, StringComparison.Ordinal);
            Assert.Contains("'scores'", note, StringComparison.Ordinal);
            Assert.Equal("scores", stepped.Units[0].Node);
        }

        // Whoever names the softmax gets its own gradient.
        AttributionResult named = new Saliency(a).Attribute(Methods.Samples(with, 1), Target.Neuron("prob", 1));
        Assert.Equal("prob", named.Units[0].Node);
        Assert.Empty(named.Notes);
        Assert.NotEqual(new Saliency(b).Attribute(Methods.Samples(with, 1), Target.Class(1)).Row(0).ToArray(), named.Row(0).ToArray());
    }

    /// <summary>Every path to the logit passes a negative weight above a rectifier: DeconvNet and guided have nothing to carry, saliency has.</summary>
    [Fact]
    public void A_map_without_signal_is_noted()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 4));
        Node relu = builder.Add("relu", new Relu(), builder.Add("hidden", SmallNetworks.Matrix(1, 4, 8), x));
        float[] negative = new float[16];
        Array.Fill(negative, -1f, 0, 8);
        Array.Fill(negative, 1f, 8, 8);
        builder.Output(builder.Add("logits", new Dense { Weight = new MemoryWeights(negative, 2, 8), OutputMajor = true }, relu));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Methods.Samples(network, 2);
        foreach (AttributionMethod method in (AttributionMethod[])[new DeconvNet(engine), new GuidedBackprop(engine)])
        {
            AttributionResult result = method.Attribute(input, [Target.Class(0), Target.Class(1)]);
            Assert.All(result.Row(0).ToArray(), v => Assert.Equal(0, v));
            Assert.Contains(result.Row(1).ToArray(), v => v != 0);
            Assert.Equal(2, result.Notes.Count);
            Assert.Contains($"{method.Name} map of row 0 is zero everywhere", result.Notes[0], StringComparison.Ordinal);
            Assert.Contains("of row 2 is zero everywhere", result.Notes[1], StringComparison.Ordinal);
        }

        Assert.Empty(new Saliency(engine).Attribute(input, Target.Class(0)).Notes);
    }

    [Fact]
    public void Values_that_are_not_finite_are_noted()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Methods.Samples(network, 1);
        AttributionResult result = new Saliency(engine).Attribute(input, Target.Vector(null, float.PositiveInfinity, 0, 0, 0, 0));
        Assert.Contains("not finite", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("Tanh")]
    public void A_smooth_activation_has_no_guided_rule(string kind)
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 4)), hidden = builder.Add("hidden", SmallNetworks.Matrix(1, 4, 8), x);
        Node squash = builder.Add("squash", kind == "Tanh" ? new Tanh() : new Sigmoid(), hidden);
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(2, 8, 2), squash));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Methods.Samples(network, 1);
        foreach (AttributionMethod method in (AttributionMethod[])[new DeconvNet(engine), new GuidedBackprop(engine)])
        {
            var error = Assert.Throws<ModelException>(() => method.Attribute(input, Target.Class(0)));
            Assert.Equal(("squash", kind), (error.Node, error.Operator));
        }

        Assert.Contains(new Saliency(engine).Attribute(input, Target.Class(0)).Row(0).ToArray(), v => v != 0);
        // Below the activation the rules mean something again, and the refused pass left the plan usable.
        Assert.Contains(new GuidedBackprop(engine).Attribute(input, Target.Neuron("hidden", 1)).Row(0).ToArray(), v => v != 0);
    }
}
