using Preimage.Algorithms.Imaging;
using Preimage.Layers.Files;
using Preimage.Layers.Resampling;

namespace Preimage.Algorithms.Tests.Imaging;

public sealed class PictureResizeTests
{
    // CRC-32 of the bytes that Pillow 9.4 gives for the formula picture: width, height, channels, new width, new height.
    public static TheoryData<int, int, int, int, int, ResamplingFilter, uint> Pillow => new()
    {
        { 37, 21, 3, 16, 16, ResamplingFilter.Nearest, 0x2ACB477E },
        { 37, 21, 3, 16, 16, ResamplingFilter.Bilinear, 0xCA32F793 },
        { 37, 21, 3, 16, 16, ResamplingFilter.Bicubic, 0x96C15930 },
        { 37, 21, 1, 80, 50, ResamplingFilter.Nearest, 0xE4DE105E },
        { 37, 21, 1, 80, 50, ResamplingFilter.Bilinear, 0x3D281E15 },
        { 37, 21, 1, 80, 50, ResamplingFilter.Bicubic, 0x2DD6B5D2 },
        { 40, 30, 3, 227, 227, ResamplingFilter.Nearest, 0x118D586A },
        { 40, 30, 3, 227, 227, ResamplingFilter.Bilinear, 0xB2C0075E },
        { 40, 30, 3, 227, 227, ResamplingFilter.Bicubic, 0x22E1DD4B },
        { 300, 200, 3, 256, 256, ResamplingFilter.Nearest, 0x68C591C8 },
        { 300, 200, 3, 256, 256, ResamplingFilter.Bilinear, 0xA76546F0 },
        { 300, 200, 3, 256, 256, ResamplingFilter.Bicubic, 0x5A3B74A2 },
        { 64, 64, 3, 64, 20, ResamplingFilter.Nearest, 0x53DDCE19 },
        { 64, 64, 3, 64, 20, ResamplingFilter.Bilinear, 0xDBFFA48E },
        { 64, 64, 3, 64, 20, ResamplingFilter.Bicubic, 0x8EE07B39 },
        { 64, 64, 1, 33, 64, ResamplingFilter.Nearest, 0xCA76A927 },
        { 64, 64, 1, 33, 64, ResamplingFilter.Bilinear, 0x98F43062 },
        { 64, 64, 1, 33, 64, ResamplingFilter.Bicubic, 0x27BFB6FF },
        { 5, 3, 3, 1, 1, ResamplingFilter.Bicubic, 0x64F518B2 },
        { 97, 101, 1, 64, 96, ResamplingFilter.Nearest, 0x45E03DFB },
        { 97, 101, 1, 64, 96, ResamplingFilter.Bilinear, 0x1A85CD2B },
        { 97, 101, 1, 64, 96, ResamplingFilter.Bicubic, 0x33A5389B },
    };

    [Theory, MemberData(nameof(Pillow))]
    public void Resize_PillowBitForBit(int width, int height, int channels, int newWidth, int newHeight, ResamplingFilter filter, uint crc)
    {
        var resized = Pictures.Formula(width, height, channels).Resize(newWidth, newHeight, filter);
        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
        Assert.Equal(crc, Crc32.Of(resized.Pixels));
    }

    [Fact]
    public void ToGrey_PillowBitForBit() => Assert.Equal(0x48F3434Fu, Crc32.Of(Pictures.Formula(300, 200, 3).ToGrey().Pixels));

    [Fact]
    public void Resize_MatlabRoundsOnce()
    {
        // The published row [1 2 4 8 16] x2 bicubic, rounded half away from zero, and the same down the columns.
        byte[] expected = [1, 1, 2, 2, 3, 5, 7, 10, 14, 17];
        var row = new Picture(5, 1, 1, [1, 2, 4, 8, 16]);
        Assert.Equal(expected, row.Resize(10, 1, ResamplingFilter.Bicubic, ResizeConvention.Matlab).Pixels.ToArray());
        var column = new Picture(1, 5, 1, [1, 2, 4, 8, 16]);
        Assert.Equal(expected, column.Resize(1, 10, ResamplingFilter.Bicubic, ResizeConvention.Matlab).Pixels.ToArray());
    }

    [Fact]
    public void Enlarge_RepeatsPixels()
    {
        var picture = new Picture(2, 1, 1, [3, 9]);
        Assert.Equal([3, 3, 9, 9, 3, 3, 9, 9], picture.Enlarge(2).Pixels.ToArray());
        Assert.Equal(224, Pictures.Formula(28, 28, 1).AtLeast(224).Width);
        Assert.Equal(254, Pictures.Formula(127, 28, 1).AtLeast(224).Width);
        Assert.Same(picture, picture.AtLeast(1));
    }

    [Fact]
    public void Crop_TakesThePartAndRefusesMore()
    {
        var picture = Pictures.Formula(9, 7, 3);
        var part = picture.Crop(2, 3, 4, 2);
        for (int y = 0; y < 2; y++)
            for (int x = 0; x < 4; x++)
                for (int c = 0; c < 3; c++) Assert.Equal(picture[x + 2, y + 3, c], part[x, y, c]);
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(6, 0, 4, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(int.MaxValue, 0, 4, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => picture.Crop(0, 0, 0, 2));
    }
}
