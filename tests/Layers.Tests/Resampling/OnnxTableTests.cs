using Preimage.Layers.Resampling;
using static Preimage.Layers.Resampling.NearestRounding;
using static Preimage.Layers.Resampling.ResizeCoordinates;

namespace Preimage.Layers.Tests.Resampling;

public sealed class OnnxTableTests
{
    // Positions by hand. in 4, out 8, half_pixel: -0.25 0.25 0.75 1.25 1.75 2.25 2.75 3.25;
    // asymmetric: 0 0.5 1 1.5 2 2.5 3 3.5; align_corners: x * 3 / 7 = 0 .43 .86 1.29 1.71 2.14 2.57 3.
    public static TheoryData<ResizeCoordinates, NearestRounding, int, int, double?, int[]> Nearest => new()
    {
        { HalfPixel, RoundPreferFloor, 4, 8, null, [0, 0, 1, 1, 2, 2, 3, 3] },
        { HalfPixel, Floor, 4, 8, null, [0, 0, 0, 1, 1, 2, 2, 3] },
        { HalfPixel, Ceil, 4, 8, null, [0, 1, 1, 2, 2, 3, 3, 3] },
        { Asymmetric, RoundPreferFloor, 4, 8, null, [0, 0, 1, 1, 2, 2, 3, 3] },
        { Asymmetric, RoundPreferCeil, 4, 8, null, [0, 1, 1, 2, 2, 3, 3, 3] },
        { Asymmetric, Floor, 4, 8, null, [0, 0, 1, 1, 2, 2, 3, 3] },
        { Asymmetric, Ceil, 4, 8, null, [0, 1, 1, 2, 2, 3, 3, 3] },
        { AlignCorners, RoundPreferFloor, 4, 8, null, [0, 0, 1, 1, 2, 2, 3, 3] },
        { AlignCorners, Floor, 4, 8, null, [0, 0, 0, 1, 1, 2, 2, 3] },
        // Shrinking by two puts half_pixel on x.5: 0.5 2.5.
        { HalfPixel, RoundPreferFloor, 4, 2, null, [0, 2] },
        { HalfPixel, RoundPreferCeil, 4, 2, null, [1, 3] },
        // One output: 0.5 * 4 - 0.5 = 1.5 against 0.
        { HalfPixel, Floor, 4, 1, null, [1] },
        { PytorchHalfPixel, Floor, 4, 1, null, [0] },
        // scales 0.6 of 4: (x + 0.5) / 0.6 - 0.5 = 0.33 2; with out = 2 of in = 4 it would be 0.5 2.5.
        { HalfPixel, Ceil, 4, 2, 0.6, [1, 2] },
    };

    [Theory, MemberData(nameof(Nearest))]
    public void OnnxNearest_ByHand(
        ResizeCoordinates coordinates, NearestRounding rounding, int input, int output, double? scale, int[] expected)
    {
        var table = ResamplingTable.OnnxNearest(input, output, coordinates, rounding, scale);
        Assert.Equal(expected, table.Indices.ToArray());
        Assert.All(table.Weights.ToArray(), weight => Assert.Equal(1f, weight));
    }

    public static TheoryData<ResizeCoordinates, int, double?, float[]> Linear => new()
    {
        // Input 1 2 3 4.
        { HalfPixel, 8, null, [1, 1.25f, 1.75f, 2.25f, 2.75f, 3.25f, 3.75f, 4] },
        { Asymmetric, 8, null, [1, 1.5f, 2, 2.5f, 3, 3.5f, 4, 4] },
        { AlignCorners, 7, null, [1, 1.5f, 2, 2.5f, 3, 3.5f, 4] },
        { PytorchHalfPixel, 1, null, [1] },
        { HalfPixel, 1, null, [2.5f] },
        // The standard's own case resize_downsample_scales_linear_align_corners, first row: 0.6 * 4 = 2.4, 3 / 1.4 = 2.142857.
        { AlignCorners, 2, 0.6, [1, 3.142857f] },
        // Scale 0.6: half_pixel 0.333 and 2; symmetric adds 4 / 2 * (1 - 2 / 2.4) = 0.333.
        { HalfPixel, 2, 0.6, [1.3333333f, 3] },
        { HalfPixelSymmetric, 2, 0.6, [1.6666667f, 3.3333333f] },
    };

    [Theory, MemberData(nameof(Linear))]
    public void OnnxLinear_ByHand(ResizeCoordinates coordinates, int length, double? scale, float[] expected)
    {
        var output = new float[length];
        ResamplingTable.OnnxLinear(4, length, coordinates, scale).Apply([1, 2, 3, 4], output);
        for (int i = 0; i < length; i++) Assert.Equal(expected[i], output[i], 1e-6f * expected[i]);
    }

    [Fact]
    public void Upsample_ByHand()
    {
        Assert.Equal([0, 0, 0, 1, 1, 1], ResamplingTable.Upsample(ResamplingFilter.Nearest, 2, 3).Indices.ToArray());
        Assert.Equal([0, 0, 1, 1, 2], ResamplingTable.Upsample(ResamplingFilter.Nearest, 3, 1.7).Indices.ToArray());
        var output = new float[4];
        ResamplingTable.Upsample(ResamplingFilter.Bilinear, 2, 2).Apply([1, 2], output);
        Assert.Equal([1, 1.5f, 2, 2], output);
        Assert.Throws<ArgumentOutOfRangeException>(() => ResamplingTable.Upsample(ResamplingFilter.Bicubic, 2, 2));
    }
}
