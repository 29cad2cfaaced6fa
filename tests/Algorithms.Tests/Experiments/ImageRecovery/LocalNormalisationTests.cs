using System.Numerics.Tensors;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Tests.Experiments.ImageRecovery;

/// <summary>The locally normalised input, by hand and by its constants.</summary>
public sealed class LocalNormalisationTests
{
    /// <summary>A 1x2 row in patches of two with one zero to the right: (3, 4)/5 + (4, 0)/4.</summary>
    [Fact]
    public void Patches_AreDividedByTheirLength()
    {
        var window = new Window { Kernel = (1, 2), AutoPad = AutoPad.SameUpper };
        Assert.Equal([0.6f, 1.8f], LocalNormalisation.Of([3, 4], new Shape(1, 1, 1, 2), window));
    }

    /// <summary>Two channels: every patch is a pixel of both; zeros add nothing.</summary>
    [Fact]
    public void Channels_AreNormalisedTogether()
    {
        var window = new Window { Kernel = (1, 1) };
        Assert.Equal([0.6f, 0, -0.8f, 0], LocalNormalisation.Of([3, 0, -4, 0], new Shape(1, 2, 1, 2), window));
    }

    /// <summary>Steps of two leave out a pixel, taps two apart skip one: patches of pixels (0, 2) and (2, 4) of five.</summary>
    [Fact]
    public void StrideAndDilation_ChooseThePixels()
    {
        var window = new Window { Kernel = (1, 2), Stride = (1, 2), Dilation = (1, 2) };
        float[] expected = [0.6f, 0, 0.8f + 0.8f, 0, 0.6f];
        Assert.Equal(expected, LocalNormalisation.Of([3, 7, 4, 9, 3], new Shape(1, 1, 1, 5), window));
    }

    [Fact]
    public void Network_GivesTheWindowOfItsFirstLayer()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * 16 * 16).Select(i => MathF.Sin(i))];
        using Network convolution = new RandomNetworks(1).ThreeLayer(16, 16, filters: 2);
        Tensor<float> both = LocalNormalisation.Of(convolution, Tensor.Create(values, [2, 3, 16, 16]));
        var window = new Window { Kernel = (7, 7), Stride = (2, 2), AutoPad = AutoPad.SameUpper };
        var flat = new float[values.Length];
        both.FlattenTo(flat);
        Assert.Equal(LocalNormalisation.Of(values.AsSpan(768, 768), new Shape(1, 3, 16, 16), window), flat[768..]);
        Assert.Throws<PreimageException>(() => LocalNormalisation.Of(convolution, Tensor.Create(values, [2, 768])));
        Assert.Throws<ArgumentException>(() => LocalNormalisation.Of(values, new Shape(1, 3, 16, 16), window));
    }

    /// <summary>1 / (2 pi), and the number to five digits that the paper's initialiser has: E[max(V, 0)] 0.36140 times 0.87963 / sqrt(2 pi).</summary>
    [Fact]
    public void Factors_AreThoseOfTheTheorem()
    {
        Assert.Equal(0.15915494, LocalNormalisation.GaussianFactor(100, 0.1), 1e-8);
        Assert.Equal(0.12682, LocalNormalisation.TruncatedFactor(100, 0.1), 5e-6);
    }
}
