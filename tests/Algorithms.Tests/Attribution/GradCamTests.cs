using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Resampling;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;
using Preimage.Tests.Shared.Oracles;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>Grad-CAM and Guided Grad-CAM against a network worked out by hand, and against gradients in double.</summary>
public class GradCamTests
{
    /// <summary>
    /// A 4x4 picture whose 2x2 blocks start with 1, 2, 3, 4; filters of 2x2 with stride 2 that take the first pixel of a block, times 1, and times -1 plus 5: maps
    /// A1 = [1 2; 3 4], A2 = [4 3; 2 1], all positive, so that the rectifier leaves them. Class 0 weighs A1 with [1 2; 3 2] and A2 with [-1 -1; -2 0]; class 1 the
    /// other way round in sign. The gradient by A1 has the mean 8/4 = 2, that by A2 -4/4 = -1.
    /// Grad-CAM, not rectified: 2 [1 2; 3 4] - [4 3; 2 1] = [-2 1; 4 7]; rectified [0 1; 4 7]. Class 1: [2 -1; -4 -7], rectified [2 0; 0 0].
    /// (captum's LayerGradCam gives [-2 1; 4 7], and with relu_attributions=True [0 1; 4 7].)
    /// </summary>
    [Fact]
    public void The_coarse_map_is_exact()
    {
        using Network network = Small();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult coarse = new GradCam(engine).Coarse(Picture(), Target.Class(0), Target.Class(1));
        Assert.Equal([2, 1, 2, 2], coarse.Maps["relu"].Lengths.ToArray());
        Assert.Equal([0f, 1, 4, 7], coarse.Row(0).ToArray());
        Assert.Equal([2f, 0, 0, 0], coarse.Row(1).ToArray());
        AttributionResult signed = new GradCam(engine, "relu") { Rectify = false }.Coarse(Picture(), Target.Class(0), Target.Class(1));
        Assert.Equal([-2f, 1, 4, 7], signed.Row(0).ToArray());
        Assert.Equal([2f, -1, -4, -7], signed.Row(1).ToArray());
    }

    /// <summary>
    /// From 2 to 4 pixels, corners not aligned: output pixels lie at -1/4, 1/4, 3/4, 5/4 of the input, and beyond the border the border's value stays:
    /// u, 3/4 u + 1/4 v, 1/4 u + 3/4 v, v. [0 1; 4 7] by columns: rows [0 .25 .75 1] and [4 4.75 6.25 7], and then down the same way.
    /// </summary>
    [Fact]
    public void It_is_enlarged_to_the_picture()
    {
        using Network network = Small();
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new GradCam(engine).Attribute(Picture(), 0);
        Assert.Equal([1, 1, 4, 4], result.Map.Lengths.ToArray());
        Assert.Equal([0f, 0.25f, 0.75f, 1, 1, 1.375f, 2.125f, 2.5f, 3, 3.625f, 4.875f, 5.5f, 4, 4.75f, 6.25f, 7], result.Row(0).ToArray());
        AttributionResult nearest = new GradCam(engine) { Enlargement = ResamplingFilter.Nearest }.Attribute(Picture(), 0);
        Assert.Equal([0f, 0, 1, 1, 0, 0, 1, 1, 4, 4, 7, 7, 4, 4, 7, 7], nearest.Row(0).ToArray());
    }

    /// <summary>
    /// Guided backpropagation of class 0: positive signals only pass, [1 2; 3 2] to A1 and none to A2; each at the first pixel of its block, times the filter's 1.
    /// Times the map: nearest [0 1; 4 7] gives 0, 2, 12, 14 there; bilinear the values at those pixels, 0, 0.75, 3, 4.875, so 0, 1.5, 9, 9.75.
    /// </summary>
    [Fact]
    public void Guided_maps_are_weighted_with_it()
    {
        using Network network = Small();
        using Engine engine = network.On(Device.Cpu);
        Assert.Equal([0f, 0, 2, 0, 0, 0, 0, 0, 12, 0, 14, 0, 0, 0, 0, 0], new GuidedGradCam(engine) { Enlargement = ResamplingFilter.Nearest }.Attribute(Picture(), 0).Row(0).ToArray());
        Assert.Equal([0f, 0, 1.5f, 0, 0, 0, 0, 0, 9, 0, 9.75f, 0, 0, 0, 0, 0], new GuidedGradCam(engine).Attribute(Picture(), 0).Row(0).ToArray());
    }

    /// <summary>Gradients and values in double, at nodes before and behind rectifiers, pools and joins, targets at the logits and below.</summary>
    [Theory]
    [InlineData("conv", "logits")]
    [InlineData("relu", "logits")]
    [InlineData("pool", "hidden")]
    [InlineData("joined", "logits")]
    [InlineData("sum", "mean")]
    public void Maps_are_the_oracles(string layer, string target)
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Node node = network.Nodes[layer], at = network.Nodes[target];
        float[] x = Draw.Normal(500, network.InputShape);
        var oracle = new NetworkOracle(network, network.InputShape, x);
        Assert.True(oracle.Margin > 1e-6);
        float[] signal = Draw.Normal(9, oracle[at].Values.Length);
        double[] gradient = oracle.Backward(at, Array.ConvertAll(signal, v => (double)v), BackwardRule.Gradient)[node];
        Shape shape = oracle[node].Shape;
        int plane = shape.H * shape.W;
        var expected = new double[plane];
        for (int c = 0; c < shape.C; c++)
        {
            double weight = gradient.Skip(c * plane).Take(plane).Average();
            for (int i = 0; i < plane; i++) expected[i] += weight * oracle[node].Values[c * plane + i];
        }

        AttributionResult result = new GradCam(engine, layer) { Rectify = false }.Coarse(Methods.Samples(network, 2), Target.Vector(target, signal));
        // As for one backward pass, and a sum over up to 6 maps.
        Agreement.Close(expected, result.Row(0), 1e-5, $"{target} at {layer}");
    }

    [Fact]
    public void The_layer_is_the_last_with_rows_and_columns()
    {
        using Network mixed = SmallNetworks.Mixed(), small = Small(), blocked = SmallNetworks.Blocked();
        Assert.Equal(("sum", "relu", "sum_relu"), (Layer(mixed), Layer(small), Layer(blocked)));
        using Engine engine = mixed.On(Device.Cpu);
        AttributionResult result = new GradCam(engine).Attribute(Methods.Samples(mixed, 1), Target.Argmax);
        Assert.Contains(result.Notes, n => n.Contains("'sum' (6 maps of 7x6)", StringComparison.Ordinal) && n.Contains("name a node", StringComparison.Ordinal));
        Assert.Contains(new("layer", "sum (chosen)"), result.Settings);
        AttributionResult named = new GradCam(engine, "pool").Attribute(Methods.Samples(mixed, 1), Target.Argmax);
        Assert.Contains(named.Notes, n => n.EndsWith("'pool' (6 maps of 7x6)", StringComparison.Ordinal));
        Assert.Contains(new("layer", "pool"), named.Settings);
        // On another network the choice is made again, a name stays.
        using Engine other = blocked.On(Device.Cpu);
        Assert.Equal("sum_relu", ((GradCam)new GradCam(engine).On(other)).Node.Name);
        Assert.Equal("pool", ((GuidedGradCam)new GuidedGradCam(engine, "pool").On(other)).Node.Name);

        static string Layer(Network network)
        {
            using Engine engine = network.On(Device.Cpu);
            return new GradCam(engine).Node.Name;
        }
    }

    /// <summary>Against class 1 all four pixels speak for it, were it not for the first: with that covered nothing is left.</summary>
    [Fact]
    public void Nothing_that_speaks_for_a_target_is_noted()
    {
        using Network network = Small();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> bright = Tensor.Create([.. Enumerable.Repeat(4f, 16)], [1, 1, 4, 4]);
        // A1 = 4, A2 = 1 everywhere: 2 * 4 - 1 = 7 for class 0, -7 for class 1.
        AttributionResult result = new GradCam(engine).Attribute(bright, [Target.Class(0), Target.Class(1)]);
        Assert.All(result.Row(0).ToArray(), v => Assert.Equal(7, v));
        Assert.All(result.Row(1).ToArray(), v => Assert.Equal(0, v));
        Assert.Contains("grad-cam map of row 1 is zero everywhere: nothing at 'relu' speaks for this target", result.Notes[0], StringComparison.Ordinal);
        Assert.Contains("of row 1 is zero everywhere", new GuidedGradCam(engine).Attribute(bright, [Target.Class(0), Target.Class(1)]).Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_cannot_be_looked_at_are_refused()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> x = Methods.Samples(network, 1);
        Says("'hidden' (1x12) has no rows and columns", () => new GradCam(engine, "hidden"));
        Says("there is no node 'jointed'", () => new GradCam(engine, "jointed"));
        Says("does not depend on norm", () => new GradCam(engine, "norm").Attribute(x, Target.ArgmaxOf("pool")));
        Says("makes many", () => new GradCam(engine).Attribute(x, 0, new AttributionOptions { KeepRecord = true }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradCam(engine) { Enlargement = ResamplingFilter.Bicubic });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuidedGradCam(engine) { Enlargement = ResamplingFilter.Bicubic });

        var builder = new NetworkBuilder();
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(1, 4, 2), builder.Input("x", new Shape(1, 4))));
        using Network dense = builder.Build();
        using Engine none = dense.On(Device.Cpu);
        Says("name a node", () => new GradCam(none));

        static void Says(string what, Func<object> wrong) => Assert.Contains(what, Assert.ThrowsAny<PreimageException>(wrong).Message, StringComparison.Ordinal);
    }

    static Tensor<float> Picture() => Tensor.Create([1f, 9, 2, 9, 9, 9, 9, 9, 3, 9, 4, 9, 9, 9, 9, 9], [1, 1, 4, 4]);

    static Network Small()
    {
        var builder = new NetworkBuilder();
        Node conv = builder.Add("conv", new Convolution
        {
            Weight = new MemoryWeights([1, 0, 0, 0, -1, 0, 0, 0], 2, 1, 2, 2), Bias = new MemoryWeights([0, 5], 2), Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) },
        }, builder.Input("x", new Shape(1, 1, 4, 4)));
        Node flat = builder.Add("flat", new Flatten(), builder.Add("relu", new Relu(), conv));
        float[] rows = [1, 2, 3, 2, -1, -1, -2, 0, -1, -2, -3, -2, 1, 1, 2, 0];
        builder.Output(builder.Add("logits", new Dense { Weight = new MemoryWeights(rows, 2, 8), OutputMajor = true }, flat));
        return builder.Build();
    }
}
