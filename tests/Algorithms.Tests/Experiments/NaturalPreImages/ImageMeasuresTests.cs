using Preimage.Algorithms.Experiments.NaturalPreImages;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Experiments.NaturalPreImages;

/// <summary>Each number by hand.</summary>
public sealed class ImageMeasuresTests
{
    [Fact]
    public void Distances()
    {
        Assert.Equal(5.0 / 2, ImageMeasures.Distance([3, 4], [0, 0], [2, 0]), 9);
        // The second image less its mean of 11 is (-1, 1).
        Assert.Equal(Math.Sqrt(2) / Math.Sqrt(2), ImageMeasures.PixelDistance([11, 11], [10, 12], 1), 6);
        Assert.Equal(0, ImageMeasures.PixelDistance([1, 2, 3, 4], [1, 2, 3, 4], 2), 9);
    }

    [Fact]
    public void Roughness_IsHighestForAChessboard()
    {
        // Rows 0 4 / 4 0: mean 2, variance sum 16; the differences are 4, 4, 4, 4: 64.
        Assert.Equal(4, ImageMeasures.Roughness([0, 4, 4, 0], 1, 2, 2), 9);
        // Rows 0 0 / 4 4: variance sum 16, differences 4, 4: 32.
        Assert.Equal(2, ImageMeasures.Roughness([0, 0, 4, 4], 1, 2, 2), 9);
    }

    [Theory]
    [InlineData(ChannelOrder.Rgb)]
    [InlineData(ChannelOrder.Bgr)]
    public void Energies_TellBrightnessFromColour(ChannelOrder order)
    {
        // Grey: no colour at all. Variance of (0, 10) is 25.
        (double luma, double chroma) = ImageMeasures.Energies([0, 10, 0, 10, 0, 10], 1, 2, order);
        Assert.Equal(25, luma, 4);
        Assert.Equal(0, chroma, 4);
        // Red alone: luma 0.299 of it, and what is left of red and missing from the others.
        float[] red = order == ChannelOrder.Rgb ? [0, 10, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 10];
        (luma, chroma) = ImageMeasures.Energies(red, 1, 2, order);
        Assert.Equal(25 * 0.299 * 0.299, luma, 4);
        Assert.Equal(25 * (0.701 * 0.701 + 2 * 0.299 * 0.299), chroma, 4);
        Assert.Equal([5, 0, 0], ImageMeasures.MeanColour(red, 3, order));
    }

    [Fact]
    public void Power_InABoxAndWithinARadius()
    {
        // A 5x5 plane of ones with mean colour 1 but for 3 in the middle (power 4) and 2 in a corner (power 1).
        var image = new float[25];
        Array.Fill(image, 1);
        (image[12], image[0]) = (3, 2);
        double[] power = ImageMeasures.Power(image, 1, [1]);
        Assert.Equal(0.8, ImageMeasures.ShareInside(power, 5, 5, (1, 1, 3, 3)), 9);
        Assert.Equal(1, ImageMeasures.ShareInside(power, 5, 5, (-4, -4, 50, 50)), 9);
        Assert.Equal(0, ImageMeasures.Radius(power, 5, 2, 2, 0.8), 9);
        Assert.Equal(2, ImageMeasures.Radius(power, 5, 2, 2, 0.9), 9);
    }

    [Fact]
    public void Means_AndDeviations()
    {
        Assert.Equal(2, Statistics.Mean([1, 2, 3]));
        Assert.Equal(1, Statistics.Deviation([1, 2, 3]), 9);
        Assert.Equal(2.0 / 3, Statistics.Falling([5, 4, 4, 1]), 9);
        Assert.Equal("", Statistics.Spread([1]));
    }
}
