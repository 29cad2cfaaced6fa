using System.Numerics.Tensors;
using System.Security.Cryptography;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>What a result carries, what an input may look like, and the records that go in and out.</summary>
public class ResultTests
{
    [Fact]
    public void A_result_says_how_it_was_made()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            using (Network built = SmallNetworks.Mixed()) built.Save(path);
            using Network network = Network.Load(path);
            using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = Precision.Strict });
            var picture = new Picture(12, 14, 3, [.. Enumerable.Range(0, 12 * 14 * 3).Select(i => (byte)(i * 37))]);
            var options = new AttributionOptions { Seed = Seed.Activation };
            AttributionResult result = new DeconvNet(engine).Attribute(Preprocessing.Unit.Apply(picture, network.Input), Target.Class(2), options);
            Assert.Equal("deconvnet", result.Method);
            Assert.Same(options, result.Options);
            Assert.Equal(BackwardRule.Deconvnet, result.Rule);
            Assert.Equal(Device.Cpu, result.Device);
            Assert.Equal(Precision.Strict, result.Precision);
            Assert.Equal(Preprocessing.Unit, result.Preprocessing);
            Assert.Equal(path, result.Model);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), result.ModelHash);
            Assert.Equal(Target.Class(2), Assert.Single(result.Units).Target);
            Assert.Null(result.Record);
            Assert.Equal([1, 3, 14, 12], result.Map.Lengths.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>An axis of one element has stride 0 in the BCL's tensors, which do not give such arrays out as spans.</summary>
    [Fact]
    public void Rows_of_grey_maps_are_read()
    {
        var b = new NetworkBuilder();
        b.Output(b.Add("relu", new Relu(), b.Input("data", new Shape(1, 1, 3, 4))));
        using Network network = b.Build();
        using Engine engine = network.On(Device.Cpu);
        float[] values = [.. Enumerable.Range(1, 24).Select(i => (float)i)];
        AttributionResult result = new Saliency(engine).Attribute(Tensor.Create(values, [2, 1, 3, 4]), Target.Neuron("relu", 5));
        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => i == 5 ? 1f : 0f)], result.Row(1).ToArray());
    }

    [Fact]
    public void A_missing_leading_axis_is_one_sample()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        float[] x = Draw.Normal(500, network.InputShape);
        AttributionResult bare = new Saliency(engine).Attribute(Tensor.Create(x, [3, 14, 12]), Target.Class(0));
        Assert.Equal([1, 3, 14, 12], bare.Map.Lengths.ToArray());
        Agreement.SameBits(new Saliency(engine).Attribute(Methods.Samples(network, 1), Target.Class(0)).Row(0), bare.Row(0), "without the axis");
        Assert.Contains("14x12", Assert.Throws<ShapeException>(() => new Saliency(engine).Attribute(Tensor.Create(x[..168], [14, 12]), Target.Class(0))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_times_gradient_is_the_product()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Methods.Samples(network, 2);
        Target[] targets = [Target.Class(0), Target.Class(3)];
        AttributionResult gradient = new Saliency(engine).Attribute(input, targets), product = new InputXGradient(engine).Attribute(input, targets);
        for (int row = 0; row < 4; row++)
        {
            float[] x = Draw.Normal((ulong)(row / 2) + 500, network.InputShape);
            Assert.Equal(gradient.Row(row).ToArray().Zip(x, (g, v) => g * v), product.Row(row).ToArray());
        }
    }

    /// <summary>Without biases a network of rectifiers is homogeneous, and the shares add up to the logit (Euler).</summary>
    [Fact]
    public void Shares_add_up_to_the_logit_of_a_homogeneous_network()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 2, 6, 6));
        Node conv = builder.Add("conv", new Convolution { Weight = Draw.Weights(1, 0.3, 5, 2, 3, 3), Sliding = new Window { Kernel = (3, 3) } }, x);
        Node pool = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, builder.Add("relu", new Relu(), conv));
        builder.Output(builder.Add("logits", new Dense { Weight = Draw.Weights(2, 0.3, 3, 20), OutputMajor = true }, builder.Add("flat", new Flatten(), pool)));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new InputXGradient(engine).Attribute(Methods.Samples(network, 3), Target.Argmax);
        for (int n = 0; n < 3; n++)
        {
            double scale = result.Row(n).ToArray().Sum(v => Math.Abs((double)v));
            Assert.Equal(result.Units[n].Activation, result.Row(n).ToArray().Sum(v => (double)v), 1e-6 * scale);
        }
    }

    [Fact]
    public void Several_inputs_have_a_map_each()
    {
        var builder = new NetworkBuilder();
        Node a = builder.Input("a", new Shape(1, 3)), b = builder.Input("b", new Shape(1, 3));
        Node sum = builder.Add("sum", new Arithmetic(ArithmeticOperation.Sub), a, builder.Add("relu", new Relu(), b));
        builder.Output(builder.Add("logits", new Dense { Weight = Draw.Weights(1, 1, 2, 3), OutputMajor = true }, sum));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        float[] row = Draw.Normal(100, 3);
        var inputs = new Dictionary<string, Tensor<float>> { ["a"] = Tensor.Create([1f, 2, 3], [1, 3]), ["b"] = Tensor.Create([1f, -1, 2], [1, 3]) };
        AttributionResult result = new Saliency(engine).Attribute(inputs, [Target.Class(0)]);
        float[] weights = [.. ((Dense)network.Nodes["logits"].Layer).Weight.ToArray().Take(3)];
        Assert.Equal(weights, result.Maps["a"].ToArray());
        Assert.Equal([-weights[0], 0, -weights[2]], result.Maps["b"].ToArray().Select(v => v == 0 ? 0 : v));
        Assert.Contains("a, b", Assert.Throws<PreimageException>(() => result.Map).Message, StringComparison.Ordinal);
        inputs.Remove("b");
        Assert.Contains("'b'", Assert.Throws<PreimageException>(() => new Saliency(engine).Attribute(inputs, [Target.Class(0)])).Message, StringComparison.Ordinal);
        inputs["c"] = inputs["a"];
        Assert.Contains("'c'", Assert.Throws<PreimageException>(() => new Saliency(engine).Attribute(inputs, [Target.Class(0)])).Message, StringComparison.Ordinal);
        inputs.Remove("c");
        inputs["b"] = Tensor.Create(new float[6], [2, 3]);
        Assert.Contains("1, 2", Assert.Throws<PreimageException>(() => new Saliency(engine).Attribute(inputs, [Target.Class(0)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_go_out_and_in()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        var method = new DeconvNet(engine);
        Tensor<float> one = Methods.Samples(network, 1), other = Methods.Samples(network, 1, 1);
        AttributionResult own = method.Attribute(one, Target.Class(0), new AttributionOptions { KeepRecord = true });
        AttributionResult theirs = method.Attribute(other, Target.Class(0), new AttributionOptions { KeepRecord = true });
        // DeconvNet reads nothing of a picture but its switches: with another picture's it is the other picture's map.
        AttributionResult swapped = method.Attribute(one, Target.Class(0), new AttributionOptions { Record = theirs.Record });
        Agreement.SameBits(theirs.Row(0), swapped.Row(0), "one picture's values, the other's switches");
        Assert.False(own.Row(0).SequenceEqual(swapped.Row(0)));
        Agreement.SameBits(own.Row(0), method.Attribute(one, Target.Class(0), new AttributionOptions { Record = own.Record }).Row(0), "its own record");
        // A plan that had a record put in is lent again without it.
        Agreement.SameBits(own.Row(0), method.Attribute(one, Target.Class(0)).Row(0), "the next run");
        Assert.Contains("raise PlanOptions.MemoryBudget", Assert.Throws<PreimageException>(() => method.Attribute(Methods.Samples(network, 2), Target.Class(0),
            new AttributionOptions { KeepRecord = true, MemoryBudget = Methods.LeastBudget(engine) })).Message, StringComparison.Ordinal);
        // Not even one sample: the bytes needed and those granted are named.
        string refused = Assert.Throws<PreimageException>(() => method.Attribute(one, Target.Class(0), new AttributionOptions { MemoryBudget = 12345 })).Message;
        Assert.Contains("12345", refused, StringComparison.Ordinal);
        Assert.Contains($"{Methods.LeastBudget(engine)}", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_of_the_callers_own_replaces_the_methods()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Methods.Samples(network, 1);
        AttributionResult result = new Saliency(engine).Attribute(input, Target.Class(0), new AttributionOptions { Rule = BackwardRule.Guided });
        Agreement.SameBits(new GuidedBackprop(engine).Attribute(input, Target.Class(0)).Row(0), result.Row(0), "guided by rule");
        Assert.Equal(BackwardRule.Guided, result.Rule);
        Assert.False(new Saliency(engine).Attribute(input, Target.Class(0)).Row(0).SequenceEqual(result.Row(0)));
    }

    [Fact]
    public void A_cancelled_attribution_stops_and_the_engine_goes_on()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        using var cancelled = new CancellationTokenSource();
        var method = new Saliency(engine);
        var options = new AttributionOptions { MemoryBudget = Methods.LeastBudget(engine) };
        int done = 0;
        var stop = new StopAfter(3, cancelled, () => done++);
        Assert.Throws<OperationCanceledException>(() => method.Attribute(Methods.Samples(network, 5), Target.TopK(5), options, stop, cancelled.Token));
        Assert.Equal(3, done);
        method.Attribute(Methods.Samples(network, 1), Target.Class(0));
    }

    sealed class StopAfter(int count, CancellationTokenSource source, Action onReport) : IProgress<AttributionProgress>
    {
        public void Report(AttributionProgress value)
        {
            onReport();
            if (value.Maps >= count) source.Cancel();
        }
    }
}
