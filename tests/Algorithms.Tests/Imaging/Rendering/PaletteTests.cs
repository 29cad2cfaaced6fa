using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Tests.Imaging.Rendering;

public sealed class PaletteTests
{
    [Fact]
    public void Parse_MeetsItsColours()
    {
        var palette = Palette.Parse("#112233 0.25:#ff0000 #ffffff");
        Assert.Equal("#112233", palette.At(0).ToString());
        Assert.Equal("#ff0000", palette.At(0.25).ToString());
        Assert.Equal("#ffffff", palette.At(1).ToString());
        Assert.Equal(palette.At(0), palette.At(-3));
        Assert.Equal(palette.At(1), palette.At(double.PositiveInfinity));
    }

    [Fact]
    public void Grey_IsTheSampleItself()
    {
        for (int v = 0; v <= 255; v += 5) Assert.InRange(Palette.Grey.At(v / 255.0).G, v - 1, v + 1);
    }

    [Theory, InlineData("grey"), InlineData("heat")]
    public void Sequential_GetsLighterThroughout(string name)
    {
        var palette = Palette.ByName(name);
        for (int i = 1; i <= 100; i++) Assert.True(Lightness(palette.At(i / 100.0)) > Lightness(palette.At((i - 1) / 100.0)));
    }

    [Theory, InlineData("diverging"), InlineData("blue-orange")]
    public void Diverging_IsNeutralInTheMiddleAndEvenAtTheEnds(string name)
    {
        var palette = Palette.ByName(name);
        Assert.True(palette.IsDiverging);
        Assert.Equal("#f8f8f8", palette.At(0.5).ToString());
        Assert.Equal("#f8f8f8", palette.At(double.NaN).ToString());
        Assert.InRange(Lightness(palette.At(0)) - Lightness(palette.At(1)), -0.1, 0.1);
        for (int i = 1; i <= 50; i++)
        {
            Assert.True(Lightness(palette.At(0.5 + i / 100.0)) < Lightness(palette.At(0.49 + i / 100.0)));
            Assert.True(Lightness(palette.At(0.5 - i / 100.0)) < Lightness(palette.At(0.51 - i / 100.0)));
        }
    }

    [Theory, InlineData("#000000"), InlineData("#000 #fff"), InlineData("0.5:#000000 0.2:#ffffff"), InlineData("x:#000000 #ffffff"), InlineData("#000000 2:#ffffff")]
    public void Parse_RefusesOthers(string gradient) => Assert.Throws<FormatException>(() => Palette.Parse(gradient));

    static double Lightness(Colour colour) => Oklab.From(colour).L;
}
