using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Tests.Training.Data;

public sealed class DrawingTests
{
    const int Side = 16;

    [Fact]
    public void Angle_AgreesWithTheLibrary()
    {
        for (double degrees = -400; degrees <= 400; degrees += 0.37)
        {
            (double cosine, double sine) = Angle.Of(degrees);
            Assert.Equal(Math.Cos(degrees * Math.PI / 180), cosine, 1e-12);
            Assert.Equal(Math.Sin(degrees * Math.PI / 180), sine, 1e-12);
        }
    }

    /// <summary>Triangles that reach over every border, against 32 x 32 points a pixel: an edge passes a pixel's points within 1 / 32 of its area or less.</summary>
    [Fact]
    public void Cover_IsTheAreaOfEachPixelCovered()
    {
        const int Points = 32;
        var random = new Random(5);
        var mask = new Mask(Side);
        for (int trial = 0; trial < 60; trial++)
        {
            var corners = new Dot[3];
            for (int i = 0; i < 3; i++) corners[i] = new Dot(random.NextDouble() * 28 - 6, random.NextDouble() * 28 - 6);
            mask.Cover(corners);
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                {
                    int inside = 0;
                    for (int p = 0; p < Points * Points; p++)
                        if (Inside(corners, x + (p % Points + 0.5) / Points, y + (p / Points + 0.5) / Points)) inside++;
                    Assert.Equal(inside / (double)(Points * Points), mask.Row(y)[x], 2.0 / Points);
                }
            }
        }
    }

    [Fact]
    public void Cover_OfRectangles_IsExact()
    {
        var mask = new Mask(Side);
        mask.Cover([new(1.25, 2.5), new(4.5, 2.5), new(4.5, 5.25), new(1.25, 5.25)]);
        Assert.Equal([0, 0.375f, 0.5f, 0.5f, 0.25f, 0], mask.Row(2)[..6].ToArray());
        Assert.Equal([0, 0.75f, 1, 1, 0.5f, 0], mask.Row(3)[..6].ToArray());
        Assert.Equal([0, 0.1875f, 0.25f, 0.25f, 0.125f, 0], mask.Row(5)[..6].ToArray());
        // Covered again, nothing is left of the last one.
        mask.Cover([new(8, 8), new(9, 8), new(9, 9), new(8, 9)]);
        Assert.Equal(1, Enumerable.Range(0, Side).Sum(y => mask.Row(y).ToArray().Sum()));
        mask.Cover([new(-5, -5), new(40, -5), new(40, 40), new(-5, 40)]);
        Assert.All(Enumerable.Range(0, Side), y => Assert.All(mask.Row(y).ToArray(), cover => Assert.Equal(1, cover)));
    }

    static bool Inside(Dot[] corners, double x, double y)
    {
        int left = 0;
        for (int i = 0; i < 3; i++)
        {
            Dot from = corners[i], to = corners[(i + 1) % 3];
            if ((to.X - from.X) * (y - from.Y) - (to.Y - from.Y) * (x - from.X) > 0) left++;
        }

        return left is 0 or 3;
    }
}
