using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.Tests.Attribution;
using Preimage.Layers;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Metrics;

public sealed class ImageRecoveryTests
{
    [Fact]
    public void A_map_that_is_the_image()
    {
        // Input x gradient of the sum of all values is the input itself; the whole image is one patch of the dense layer, so that scaling it changes nothing.
        Shape shape = new(1, 1, 2, 2);
        using Network network = Linear.Of(shape, [1, 1, 1, 1], [0, 0, 0, 0]);
        using Engine engine = network.On(Device.Cpu);
        MetricResult result = new ImageRecovery().Measure(new InputXGradient(engine), Linear.Images(shape, [1, 2, 3, 5]));
        Assert.Equal(1, result["input"].Values[0], 9);
        Assert.Equal(1, result["normalised-input"].Values[0], 9);
        // A gradient that is the same everywhere has no correlation with anything.
        Assert.True(double.IsNaN(new ImageRecovery().Measure(new Saliency(engine), Linear.Images(shape, [1, 2, 3, 5]))["input"].Values[0]));
    }

    [Fact]
    public void Correlations_are_with_the_input_and_with_its_patches_of_equal_length()
    {
        using Network network = SmallNetworks.Mixed();
        using Engine engine = network.On(Device.Cpu);
        Tensor<float> images = Methods.Samples(network, 2);
        MetricResult result = new ImageRecovery().Measure(new GuidedBackprop(engine), images);
        AttributionResult maps = new GuidedBackprop(engine).Attribute(images, Target.Argmax);
        float[] inputs = images.ToArray(), normalised = LocalNormalisation.Of(network, images).ToArray();
        for (int n = 0; n < 2; n++)
        {
            Assert.Equal(Correlation.Pearson(maps.Row(n), inputs.AsSpan(n * 504, 504)), result["input"].Values[n], 9);
            Assert.Equal(Correlation.Pearson(maps.Row(n), normalised.AsSpan(n * 504, 504)), result["normalised-input"].Values[n], 9);
        }
    }
}
