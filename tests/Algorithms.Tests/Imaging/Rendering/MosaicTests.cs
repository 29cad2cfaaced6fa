using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Tests.Imaging.Rendering;

public sealed class MosaicTests
{
    [Fact]
    public void Render_LaysOutTheGrid()
    {
        var mosaic = new Mosaic { Columns = 2, Margin = 10, LabelScale = 1 };
        for (int i = 0; i < 3; i++) mosaic.Add(Pictures.Formula(100, 80, 3), "tile");
        var drawn = mosaic.Render();
        // Two columns: 10 + 2 (100 + 10). Two rows: 10 + 2 (11 + 80 + 10), where 11 is one line of label.
        Assert.Equal((230, 212), (drawn.Width, drawn.Height));
        for (int c = 0; c < 3; c++) Assert.Equal(Pictures.Formula(100, 80, 3)[5, 6, c], drawn[120 + 5, 10 + 11 + 6, c]);
    }

    [Fact]
    public void Render_EnlargesAndCentresSmallTiles()
    {
        var drawn = new Mosaic { Columns = 2, Margin = 10 }.Add(Pictures.Formula(100, 100, 1)).Add(Pictures.Formula(30, 20, 1)).Render();
        Assert.Equal((230, 120), (drawn.Width, drawn.Height));
        // 30x20 three times is 90x60, at (5, 20) in its cell.
        Assert.Equal(Pictures.Formula(30, 20, 1)[29, 19, 0], drawn[120 + 5 + 89, 10 + 20 + 59, 0]);
    }

    [Fact]
    public void Render_EnlargesTilesToTheWidthAskedFor()
    {
        // 30 columns four times are the first whole factor's above 100.
        var drawn = new Mosaic { TileWidth = 100, Margin = 10 }.Add(Pictures.Formula(30, 20, 1)).Render();
        Assert.Equal((140, 100), (drawn.Width, drawn.Height));
    }

    [Fact]
    public void Render_LeavesGapsAsTheBackground()
    {
        var drawn = new Mosaic { Columns = 2, Margin = 10 }.AddGap().Add(Pictures.Formula(30, 20, 1)).Render();
        Assert.Equal((90, 40), (drawn.Width, drawn.Height));
        for (int y = 0; y < drawn.Height; y++)
            for (int x = 0; x < 45; x++) Assert.Equal(250, drawn[x, y, 0]);
        Assert.Equal(Pictures.Formula(30, 20, 1)[4, 5, 0], drawn[50 + 4, 10 + 5, 0]);
        Assert.Throws<InvalidOperationException>(() => new Mosaic().AddGap().Render());
    }

    [Fact]
    public void Render_TitleAndLongLabelsStayInside()
    {
        var drawn = new Mosaic { Title = new string('x', 500) }.Add(Pictures.Formula(64, 64, 1), "a label far too long for its tile").Render();
        // Nothing in the margins.
        for (int y = 0; y < drawn.Height; y++)
            for (int x = drawn.Width - 15; x < drawn.Width; x++) Assert.Equal(250, drawn[x, y, 0]);
        Assert.Throws<InvalidOperationException>(() => new Mosaic().Render());
    }

    [Theory]
    [InlineData("guided signed", 100, 1, 2, "guided signed")]
    [InlineData("guided signed", 50, 1, 2, "guided|signed")]
    [InlineData("abcdefghijkl", 35, 1, 2, "abcdef|ghijkl")]
    [InlineData("abcdefghijklm", 35, 1, 2, "abcdef|ghi...")]
    [InlineData("", 35, 1, 2, "")]
    public void Wrap_BreaksAtBlanks(string text, int width, int scale, int lines, string expected)
    {
        var wrapped = PixelFont.Wrap(text, width, scale, lines);
        Assert.Equal(expected, string.Join('|', wrapped));
        Assert.All(wrapped, line => Assert.InRange(PixelFont.Measure(line, scale), 1, width));
    }

    [Fact]
    public void Font_HasDistinctGlyphsForAllOfAscii()
    {
        var seen = new Dictionary<string, char>();
        for (char letter = ' '; letter <= '~'; letter++)
        {
            char current = letter;
            string glyph = string.Concat(from y in Enumerable.Range(0, PixelFont.Height)
                                         from x in Enumerable.Range(0, PixelFont.Width)
                                         select PixelFont.IsInk(current, x, y) ? '#' : '.');
            Assert.True(seen.TryAdd(glyph, letter), $"'{letter}' looks like '{seen.GetValueOrDefault(glyph)}'");
            Assert.Equal(letter == ' ', !glyph.Contains('#'));
        }
        Assert.True(PixelFont.IsInk('λ', 0, 0));
    }
}
