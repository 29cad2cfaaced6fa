using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>The smallest network that separates the rules, with the maps that captum's own tests publish for it (BSD-3); small integers, so exact.</summary>
public class ThreeRulesTests
{
    static readonly float[] s_deconvnet = [2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1];
    static readonly float[] s_guided = [0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1];
    static readonly float[] s_gradient = [0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0];

    [Fact]
    public void The_three_maps_are_exact()
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu);
        Assert.Equal(s_deconvnet, Map(new DeconvNet(engine)));
        Assert.Equal(s_guided, Map(new GuidedBackprop(engine)));
        Assert.Equal(s_gradient, Map(new Saliency(engine)));
        Assert.Equal(s_gradient.Select((g, i) => g * i), Map(new InputXGradient(engine)));
    }

    /// <summary>In exact arithmetic Winograd and fused multiply-adds agree with everything else.</summary>
    [Theory]
    [InlineData(Precision.Strict)]
    [InlineData(Precision.Single)]
    public void The_three_maps_are_exact_in_every_precision(Precision precision)
    {
        using Network network = Build();
        using Engine engine = network.On(Device.Cpu, new EngineOptions { Precision = precision });
        Assert.Equal(s_deconvnet, Map(new DeconvNet(engine)));
        Assert.Equal(s_guided, Map(new GuidedBackprop(engine)));
        Assert.Equal(s_gradient, Map(new Saliency(engine)));
    }

    /// <summary>Without a rectifier all three are the gradient, here the filter turned by 180 degrees.</summary>
    [Fact]
    public void The_methods_coincide_without_rectifiers()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, 3, 3));
        Node conv = builder.Add("conv", new Convolution
        {
            Weight = new MemoryWeights([1, -2, 3, -4, 5, -6, 7, -8, 9], 1, 1, 3, 3), Sliding = new Window { Kernel = (3, 3) },
        }, x);
        builder.Output(builder.Add("flat", new Flatten(), conv));
        using Network network = builder.Build();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> input = Tensor.Create([1f, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
        foreach (AttributionMethod method in (AttributionMethod[])[new Saliency(engine), new DeconvNet(engine), new GuidedBackprop(engine)])
            Assert.Equal([1f, -2, 3, -4, 5, -6, 7, -8, 9], method.Attribute(input, Target.Class(0)).Row(0).ToArray());
    }

    static float[] Map(AttributionMethod method)
    {
        Tensor<float> input = Tensor.Create([.. Enumerable.Range(0, 16).Select(i => (float)i)], [1, 1, 4, 4]);
        return method.Attribute(input, Target.Class(0)).Row(0).ToArray();
    }

    static Network Build()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 1, 4, 4));
        float[] ones = new float[18];
        Array.Fill(ones, 1f);
        Node conv = builder.Add("conv", new Convolution
        {
            Weight = new MemoryWeights(ones, 2, 1, 3, 3), Bias = new MemoryWeights([-50, -75], 2), Sliding = new Window { Kernel = (3, 3) },
        }, x);
        Node flat = builder.Add("flat", new Flatten(), builder.Add("relu1", new Relu(), conv));
        float[] rows = [.. Enumerable.Repeat<float[]>([1, 1, 1, 1, 1, -1, -1, -1], 4).SelectMany(r => r)];
        Node dense = builder.Add("dense", new Dense { Weight = new MemoryWeights(rows, 4, 8), OutputMajor = true }, flat);
        builder.Output(builder.Add("relu2", new Relu(), dense));
        return builder.Build();
    }
}
