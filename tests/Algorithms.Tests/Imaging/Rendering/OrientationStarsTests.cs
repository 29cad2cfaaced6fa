using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Tests.Imaging.Rendering;

public sealed class OrientationStarsTests
{
    const int Cell = 16, Bins = 8;

    [Theory]
    // A gradient along x is an upright edge; one along y lies.
    [InlineData(0, 8, 2, true)]
    [InlineData(0, 2, 8, false)]
    [InlineData(Bins / 2, 2, 8, true)]
    [InlineData(Bins / 2, 8, 2, false)]
    public void Line_StandsAcrossTheGradient(int bin, int x, int y, bool lit)
    {
        var hog = new float[Bins];
        hog[bin] = 0.4f;
        Picture star = OrientationStars.Draw(hog, 1, 1, 0, Bins, Cell);
        Assert.Equal((Cell, Cell), (star.Width, star.Height));
        Assert.Equal(lit, star[x, y, 0] > 100);
    }

    [Fact]
    public void Line_IsAsBrightAsItsBinAndStaysInItsCell()
    {
        // Two cells beside each other, of which the second has half the gradient; one channel before the undirected ones.
        var hog = new float[(1 + Bins) * 2];
        hog[2] = 1;
        hog[3] = 0.5f;
        Picture stars = OrientationStars.Draw(hog, 1, 2, 1, Bins, Cell);
        Assert.True(stars[8, 8, 0] > 100);
        Assert.InRange(stars[24, 8, 0], stars[8, 8, 0] / 2 - 2, stars[8, 8, 0] / 2 + 2);
        for (int y = 0; y < Cell; y++)
            Assert.Equal(0, stars[16, y, 0]);
    }

    [Fact]
    public void Nothing_IsBlack() => Assert.All(OrientationStars.Draw(new float[Bins], 1, 1, 0, Bins, Cell).Pixels.ToArray(), p => Assert.Equal(0, p));

    [Fact]
    public void Box_IsDrawnAndCutAtTheBorder()
    {
        Picture marked = MarkedBox.Draw(new Picture(20, 20, 1, new byte[400]), 5, -3, 10, 12, 1);
        Assert.True(marked[5, 0, 0] > 200 && marked[14, 4, 0] > 200 && marked[8, 8, 0] > 200);
        Assert.Equal(0, marked[8, 0, 0]);
        Assert.Equal(0, marked[8, 4, 0]);
    }
}
