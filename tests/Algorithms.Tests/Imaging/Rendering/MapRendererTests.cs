using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Tests.Imaging.Rendering;

public sealed class MapRendererTests
{
    static readonly MapRenderer s_plain = new() { MinimumWidth = 1 };

    [Fact]
    public void JointRgb_SpansAllChannelsTogether()
    {
        // Two pixels, planes R = (-1, 1), G = (0, 0), B = (3, 1): minimum -1, maximum 3.
        float[] map = [-1, 1, 0, 0, 3, 1];
        var joint = MapRenderer.JointRgb with { MinimumWidth = 1 };
        var drawn = joint.Render(map, 3, 1, 2);
        Assert.Equal([0, 64, 255, 128, 64, 128], drawn.Picture.Pixels.ToArray());
        Assert.Equal(new DisplayRange(-1, 3), drawn.Range);
        Assert.Equal(0, drawn.FractionClipped);
        var turned = joint with { Order = ChannelOrder.Bgr };
        Assert.Equal([255, 64, 0, 128, 64, 128], turned.Render(map, 3, 1, 2).Picture.Pixels.ToArray());
        Assert.Throws<ArgumentException>(() => joint.Render(new float[4], 4, 1, 1));
    }

    [Fact]
    public void Signed_SumsAndIsSymmetric()
    {
        // Sums 3, -1, 0.
        var drawn = (s_plain with { Percentile = 100 }).Render([1, -2, 0, 2, 1, 0], 2, 1, 3);
        Assert.Equal(new DisplayRange(-3, 3), drawn.Range);
        Assert.Equal(Palette.Diverging.At(1), ColourAt(drawn.Picture, 0));
        Assert.Equal(Palette.Diverging.At(1 / 3.0), ColourAt(drawn.Picture, 1));
        Assert.Equal(Palette.Diverging.At(0.5), ColourAt(drawn.Picture, 2));
    }

    [Fact]
    public void Percentile_ClipsAndCounts()
    {
        // Magnitudes 0..100 in 101 pixels: the 99th percentile is 99, and 100 alone lies above.
        float[] map = [.. Enumerable.Range(0, 101).Select(i => i % 2 == 0 ? (float)i : -i)];
        var drawn = (MapRenderer.Magnitude with { MinimumWidth = 1 }).Render(map, 1, 1, 101);
        Assert.Equal(new DisplayRange(0, 99), drawn.Range);
        Assert.Equal(1 / 101.0, drawn.FractionClipped, 1e-12);
        Assert.Equal("Display", Assert.Single(drawn.Picture.Text).Key);
        // numpy.percentile(0..100, 99.5) = 99.5.
        Assert.Equal(99.5, s_plain.Render(map, 1, 1, 101).Range.High, 1e-9);
    }

    [Fact]
    public void Percentile_NeverClipsASparseMapAway()
    {
        var map = new float[1000];
        map[7] = -2;
        var drawn = s_plain.Render(map, 1, 10, 100);
        Assert.Equal(new DisplayRange(-2, 2), drawn.Range);
        Assert.False(drawn.AllZero);
    }

    [Fact]
    public void FixedRange_WinsAndCounts()
    {
        var drawn = (s_plain with { FixedRange = new DisplayRange(-1, 1) }).Render([0.5f, 2, -3, 0], 1, 1, 4);
        Assert.Equal(0.5, drawn.FractionClipped);
        Assert.Equal(Palette.Diverging.At(0.75), ColourAt(drawn.Picture, 0));
        Assert.Throws<ArgumentException>(() => (s_plain with { FixedRange = new DisplayRange(1, 1) }).Render([1], 1, 1, 1));
    }

    [Theory]
    [InlineData(ChannelReduction.Sum, 1)]
    [InlineData(ChannelReduction.MaxAbs, 3)]
    [InlineData(ChannelReduction.SumAbs, 7)]
    public void Reduction_OfTwoMinusThreeTwo(ChannelReduction reduction, double expected)
    {
        var renderer = MapRenderer.Magnitude with { Reduction = reduction, Percentile = 100 };
        Assert.Equal(expected, renderer.Render([2, -3, 2], 3, 1, 1).Range.High);
    }

    [Fact]
    public void AllZero_SaysSo()
    {
        foreach (var renderer in new[] { MapRenderer.JointRgb, MapRenderer.Signed, MapRenderer.Magnitude, MapRenderer.HeatMap })
        {
            var drawn = renderer.Render(new float[3 * 32 * 32], 3, 32, 32);
            Assert.True(drawn.AllZero);
            Assert.Equal("all zero", drawn.ToString());
            Assert.True(Contains(drawn.Picture, new Colour(32, 32, 36)), "the words are missing");
            Assert.True(Contains(drawn.Picture, ColourAt(drawn.Picture, 0)));
        }
        var overlay = MapRenderer.Signed.Overlay(new float[9], 1, 3, 3, Pictures.Formula(224, 224, 3));
        Assert.True(overlay.AllZero && Contains(overlay.Picture, new Colour(32, 32, 36)));
        // Channels that cancel are no empty map.
        Assert.False(MapRenderer.Signed.Render([1, -1], 2, 1, 1).AllZero);
    }

    [Fact]
    public void NonFinite_IsDrawnAndCounted()
    {
        var drawn = s_plain.Render([1, float.NaN, float.NegativeInfinity, -1], 1, 1, 4);
        Assert.Equal(2, drawn.NonFinite);
        Assert.Equal(new Colour(255, 0, 255), ColourAt(drawn.Picture, 1));
        Assert.InRange(drawn.Range.High, 0.9, 1);
    }

    [Fact]
    public void Render_EnlargesSmallMapsAndTakesTensors()
    {
        Assert.Equal(224, MapRenderer.Signed.Render(new float[28 * 28], 1, 28, 28).Picture.Width);
        var tensor = Tensor.Create(new float[3 * 10 * 300], [1, 3, 10, 300]);
        Assert.Equal((300, 10), (MapRenderer.Signed.Render(tensor).Picture.Width, MapRenderer.Signed.Render(tensor).Picture.Height));
        var batch = Tensor.Create(new float[2 * 3 * 4], [2, 1, 3, 4]);
        Assert.Throws<ArgumentException>(() => MapRenderer.Signed.Render(batch));
        Assert.Throws<ArgumentException>(() => MapRenderer.Signed.Render(new float[5], 1, 2, 2));
    }

    [Fact]
    public void Overlay_ShowsThePictureWhereTheMapIsZero()
    {
        var white = new Picture(2, 1, 3, [255, 255, 255, 255, 255, 255]);
        var drawn = (s_plain with { Percentile = 100 }).Overlay([0, 5], 1, 1, 2, white, opacity: 1);
        Assert.Equal(new Colour(255, 255, 255), ColourAt(drawn.Picture, 0));
        Assert.Equal(Palette.Diverging.At(1), ColourAt(drawn.Picture, 1));
        Assert.Throws<ArgumentException>(() => MapRenderer.JointRgb.Overlay(new float[6], 3, 1, 2, white));
    }

    static Colour ColourAt(Picture picture, int x) => new(picture[x, 0, 0], picture[x, 0, 1], picture[x, 0, 2]);

    static bool Contains(Picture picture, Colour colour)
    {
        for (int i = 0; i < picture.Pixels.Length; i += 3)
            if (picture.Pixels.Slice(i, 3).SequenceEqual([colour.R, colour.G, colour.B])) return true;
        return false;
    }
}
