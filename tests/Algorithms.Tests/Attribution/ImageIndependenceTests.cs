using Preimage.Algorithms.Attribution;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Attribution;

/// <summary>What Nie et al. 2018 prove of random three-layer networks (spec section 3.5, T1).</summary>
public class ImageIndependenceTests
{
    /// <summary>Without pooling DeconvNet never sees the picture: the maps are equal to the bit. Guided and saliency do see it.</summary>
    [Fact]
    public void Without_pooling_the_deconvnet_map_is_one_for_all_images()
    {
        using Network network = Build(null);
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new DeconvNet(engine).Attribute(Methods.Samples(network, 4), Target.Class(2));
        Assert.Contains(result.Row(0).ToArray(), v => v != 0);
        for (int n = 1; n < 4; n++) Agreement.SameBits(result.Row(0), result.Row(n), $"image {n}");
        foreach (string other in (string[])["saliency", "guided"])
        {
            AttributionResult seeing = Methods.Make(other, engine).Attribute(Methods.Samples(network, 2), Target.Class(2));
            Assert.False(seeing.Row(0).SequenceEqual(seeing.Row(1)), other);
        }

        // Of the class it does depend.
        Assert.False(new DeconvNet(engine).Attribute(Methods.Samples(network, 1), Target.Class(3)).Row(0).SequenceEqual(result.Row(0)));
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(2, 2)]
    public void With_pooling_it_differs_between_images(int kernel, int stride)
    {
        using Network network = Build(new Window { Kernel = (kernel, kernel), Stride = (stride, stride), AutoPad = AutoPad.SameUpper });
        using Engine engine = network.On(Device.Cpu);
        AttributionResult result = new DeconvNet(engine).Attribute(Methods.Samples(network, 4), Target.Class(2));
        for (int n = 1; n < 4; n++)
        {
            // Differ for good, not by a rounding: by more than a tenth of the map's power.
            Assert.True(Agreement.Nmse(result.Row(n), result.Row(0)) > 0.1, $"image {n}");
        }
    }

    /// <summary>Convolution 7x7x3 at stride 2, ReLU, perhaps a max pool, dense to 10 logits; truncated normal weights of deviation 0.1, no biases.</summary>
    static Network Build(Window? pool)
    {
        Distribution weights = Distribution.TruncatedGaussian(0.1);
        var builder = new NetworkBuilder();
        Node top = builder.Input("x", new Shape(1, 3, 32, 32));
        top = builder.Add("conv", new Convolution
        {
            Weight = new SeededWeights(1, 1, weights, 16, 3, 7, 7), Sliding = new Window { Kernel = (7, 7), Stride = (2, 2), AutoPad = AutoPad.SameUpper },
        }, top);
        top = builder.Add("relu", new Relu(), top);
        if (pool is not null) top = builder.Add("pool", new MaxPool { Sliding = pool }, top);
        int units = 16 * 16 * 16 / (pool?.Stride.Y * pool?.Stride.X ?? 1);
        top = builder.Add("flat", new Flatten(), top);
        builder.Output(builder.Add("logits", new Dense { Weight = new SeededWeights(1, 2, weights, 10, units), OutputMajor = true }, top));
        return builder.Build();
    }
}
