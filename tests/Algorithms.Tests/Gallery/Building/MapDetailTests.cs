using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Building;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Gallery.Building;

/// <summary>Maps as the page keeps them.</summary>
public sealed class MapDetailTests
{
    [Fact]
    public void EverythingIsKept_WhereItFits()
    {
        MapDetail detail = MapDetail.Fit(3, 64, 48, 10, 20, 10_000_000);
        Assert.Equal(new MapDetail(64, 48, true), detail);
        Assert.Null(detail.Note(3, 64, 48));
    }

    [Theory]
    // 8/3 bytes a value: 30 maps of 3 channels take 737,280; 10 of 3 and 20 of 1 409,600.
    [InlineData(737_280, 64, 48, true)]
    [InlineData(737_279, 64, 48, false)]
    [InlineData(409_600, 64, 48, false)]
    [InlineData(409_599, 32, 24, false)]
    [InlineData(102_399, 22, 16, false)]
    [InlineData(1, 1, 1, false)]
    public void Budget_TakesColoursFirstThenPixels(long budget, int height, int width, bool colours) =>
        Assert.Equal(new MapDetail(height, width, colours), MapDetail.Fit(3, 64, 48, 10, 20, budget));

    [Fact]
    public void Colours_AreRedGreenBlue()
    {
        float[] map = [1, 2, -3, 4, -5, 6];
        var detail = new MapDetail(1, 2, true);
        (float[] values, int channels) = detail.Reduce(map, 3, 1, 2, MapDrawing.Heat, ChannelOrder.Bgr);
        Assert.Equal(3, channels);
        Assert.Equal([-5, 6, -3, 4, 1, 2], values);
    }

    [Theory]
    [InlineData(MapDrawing.Signed, -7f, 12f)]
    [InlineData(MapDrawing.Heat, 5f, 6f)]
    public void OneNumberAPixel_IsWhatTheDrawingWouldShow(MapDrawing drawing, float first, float second)
    {
        (float[] values, int channels) = new MapDetail(1, 2, false).Reduce([1, 2, -3, 4, -5, 6], 3, 1, 2, drawing, ChannelOrder.Rgb);
        Assert.Equal(1, channels);
        Assert.Equal([first, second], values);
    }

    [Fact]
    public void OtherChannels_AreSummed()
    {
        (float[] values, int channels) = new MapDetail(1, 1, true).Reduce([1, -2, 3, 4], 4, 1, 1, MapDrawing.Heat, ChannelOrder.Rgb);
        Assert.Equal((1, 6f), (channels, values[0]));
        Assert.Contains("4 channels", new MapDetail(1, 1, true).Note(4, 1, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Area_IsTheMeanOfWholeBlocks() => Assert.Equal(
        [3.5f, 5.5f, 11.5f, 13.5f], AreaAverage.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 1, (4, 4), (2, 2)));

    [Fact]
    public void Area_CountsPartsByTheirPart()
    {
        // Five values on two places: 1 + 2 + 3/2 and 3/2 + 4 + 5 over 2.5.
        Assert.Equal([(1 + 2 + 1.5f) / 2.5f, (1.5f + 4 + 5) / 2.5f], AreaAverage.Of([1, 2, 3, 4, 5], 1, (1, 5), (1, 2)));
        float[] values = [.. Enumerable.Range(0, 2 * 7 * 5).Select(i => MathF.Sin(i))];
        float[] small = AreaAverage.Of(values, 2, (7, 5), (3, 4));
        // The mean stays, plane by plane.
        for (int plane = 0; plane < 2; plane++)
            Assert.Equal(values.Skip(plane * 35).Take(35).Average(), small.Skip(plane * 12).Take(12).Average(), 1e-6f);
    }
}
