using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Tests.Imaging.Rendering;

public sealed class LinePlotTests
{
    // The first two colours of lines.
    static readonly Colour s_blue = new(0, 114, 178), s_orange = new(213, 94, 0);

    [Fact]
    public void Render_DrawsEachLineWhereItsNumbersAre()
    {
        Picture plot = new LinePlot { Width = 400, Height = 300 }
            .Add("low", [0, 10], [1, 1]).Add("high", [0, 10], [9, 9]).Render();
        Assert.Equal((400, 300), (plot.Width, plot.Height));
        // In the middle column the higher line is above the lower one.
        int low = RowOf(plot, 250, s_blue, from: 40), high = RowOf(plot, 250, s_orange, from: 40);
        Assert.InRange(high, 41, low - 100);
    }

    [Fact]
    public void Render_OnALogarithmicAxisEqualRatiosAreEquallyFarApart()
    {
        Picture plot = new LinePlot { Width = 400, Height = 400, LogY = true }
            .Add("a", [0, 1], [1, 1]).Add("b", [0, 1], [10, 10]).Add("c", [0, 1], [100, 100]).Render();
        int a = RowOf(plot, 250, s_blue, from: 40), b = RowOf(plot, 250, s_orange, from: 40), c = RowOf(plot, 250, new Colour(0, 158, 115), from: 40);
        Assert.InRange(Math.Abs((a - b) - (b - c)), 0, 1);
        Assert.True(a > b && b > c);
    }

    [Fact]
    public void Render_LeavesGapsWhereThereIsNoNumber()
    {
        double[] x = [0, 1, 2, 3, 4], whole = [1, 1, 1, 1, 1], broken = [1, 1, double.NaN, 1, 1];
        Assert.True(Ink(new LinePlot().Add("", x, broken).Render(), s_blue) < Ink(new LinePlot().Add("", x, whole).Render(), s_blue) * 0.7);
        // Nothing that can be drawn is no error: the axes are.
        Assert.Equal(0, Ink(new LinePlot { LogY = true }.Add("", [1, 2], [0, -1]).Render(), s_blue));
    }

    [Fact]
    public void Render_RefusesWhatIsNoPlot()
    {
        Assert.Throws<InvalidOperationException>(() => new LinePlot().Render());
        Assert.Throws<ArgumentException>(() => new LinePlot().Add("a", [1, 2], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinePlot { Width = 100 }.Add("a", [1]).Render());
    }

    [Theory]
    [InlineData(0, 10, false, "0 2 4 6 8 10")]
    [InlineData(0.12, 0.31, false, "0.15 0.20 0.25 0.30")]
    [InlineData(-3, 3, false, "-3 -2 -1 0 1 2 3")]
    [InlineData(-0.04, 1.04, false, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(1, 100, true, "1 2 5 10 20 50 100")]
    [InlineData(0.01, 10, true, "0.01 0.1 1 10")]
    public void Ticks_AreRoundNumbers(double low, double high, bool logarithmic, string expected) =>
        Assert.Equal(expected, string.Join(' ', new PlotAxis(low, high, logarithmic).Ticks(6).Select(t => t.Text)));

    [Fact]
    public void Axis_HoldsAllNumbersAndFitsASingleOne()
    {
        PlotAxis axis = PlotAxis.Around([3, double.NaN, -1, double.PositiveInfinity], logarithmic: false);
        Assert.InRange(axis.At(-1), 0, 0.1);
        Assert.InRange(axis.At(3), 0.9, 1);
        Assert.Equal(0.5, PlotAxis.Around([7], logarithmic: false).At(7), 6);
        Assert.Equal(0.5, PlotAxis.Around([7], logarithmic: true).At(7), 6);
    }

    static int RowOf(Picture picture, int column, Colour colour, int from)
    {
        for (int y = from; y < picture.Height; y++)
        {
            if (IsAt(picture, column, y, colour))
                return y;
        }

        return -1;
    }

    static int Ink(Picture picture, Colour colour)
    {
        int count = 0;
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < picture.Width; x++)
                count += IsAt(picture, x, y, colour) ? 1 : 0;
        return count;
    }

    static bool IsAt(Picture picture, int x, int y, Colour colour) => new Colour(picture[x, y, 0], picture[x, y, 1], picture[x, y, 2]) == colour;
}
