using System.Buffers.Binary;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Imaging;

public sealed class PngDamageTests
{
    static readonly PngCase s_small = new(5, 4, 8, 2, false);

    [Fact]
    public void Decode_TruncatedAnywhere()
    {
        byte[] whole = PngWriterForTests.Write(s_small);
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<ImageFormatException>(() => Picture.Decode(whole.AsMemory(0, length)));
        Assert.Equal(5, Picture.Decode(whole).Width);
    }

    [Fact]
    public void Decode_EveryFlippedBitIsNoticed()
    {
        byte[] whole = PngWriterForTests.Write(s_small);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Throws<ImageFormatException>(() => Picture.Decode(damaged));
        }
    }

    [Fact]
    public void Decode_CrcErrorNamesTheChunk()
    {
        byte[] file = PngWriterForTests.Write(s_small);
        file[^1] ^= 1;
        Assert.Contains("chunk IEND has the CRC", Message(file));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(4)]
    public void Decode_AdlerErrorWithGoodCrc(int cut)
    {
        byte[] packed = PngWriterForTests.Pack(PngWriterForTests.Rows(s_small));
        if (cut == 0) packed[^1] ^= 1;
        Assert.Contains("Adler-32", Message(WithPixels(packed[..^cut])));
    }

    [Fact]
    public void Decode_TooManyOrTooFewRows()
    {
        byte[] rows = PngWriterForTests.Rows(s_small);
        Assert.Contains("before the last row", Message(WithPixels(PngWriterForTests.Pack(rows[..^1]))));
        Assert.Contains("more pixels", Message(WithPixels(PngWriterForTests.Pack([.. rows, 0]))));
    }

    [Theory, InlineData(0x7FFFFFFFu, 0x7FFFFFFFu), InlineData(0xFFFFFFFFu, 1u), InlineData(10000u, 10001u), InlineData(10000u, 9999u), InlineData(0u, 5u)]
    public void Decode_HostileSizeCostsNoMemory(uint width, uint height)
    {
        var chunks = PngWriterForTests.Chunks(s_small);
        BinaryPrimitives.WriteUInt32BigEndian(chunks[0].Data, width);
        BinaryPrimitives.WriteUInt32BigEndian(chunks[0].Data.AsSpan(4), height);
        byte[] file = PngWriterForTests.Join(chunks);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ImageFormatException>(() => Picture.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("IHDR,IDAT,IDAT,IHDR,IEND", "two IHDR")]
    [InlineData("IDAT,IDAT,IEND", "first chunk")]
    [InlineData("IHDR,IDAT,tEXt,IDAT,IEND", "not in one row")]
    [InlineData("IHDR,IDAT,IDAT,PLTE,IEND", "after the pixels")]
    [InlineData("IHDR,XYZw,IDAT,IDAT,IEND", "critical chunk XYZw")]
    [InlineData("IHDR,IEND", "before the last row")]
    [InlineData("IHDR,IDAT,IDAT", "before its IEND")]
    public void Decode_ChunksOutOfOrder(string order, string reason)
    {
        var chunks = PngWriterForTests.Chunks(s_small);
        int pixels = 1;
        var reordered = order.Split(',').Select(type => type switch
        {
            "IDAT" => chunks[pixels++],
            "IHDR" => chunks[0],
            "PLTE" => (type, new byte[6]),
            "tEXt" => (type, "a\0b"u8.ToArray()),
            _ => (type, []),
        });
        Assert.Contains(reason, Message(PngWriterForTests.Join(reordered.ToList())));
    }

    [Fact]
    public void Decode_PixelBeyondThePalette()
    {
        var picture = new PngCase(4, 4, 8, 3, false) { Palette = new byte[12] };
        var chunks = PngWriterForTests.Chunks(picture);
        chunks[1] = ("PLTE", new byte[6]);
        Assert.Contains("of a palette of 2", Message(PngWriterForTests.Join(chunks)));
    }

    [Fact]
    public void Decode_LimitIsTheCallers()
    {
        var limits = new PictureLimits { MaxPixels = 19 };
        var error = Assert.Throws<ImageFormatException>(() => Picture.Decode(PngWriterForTests.Write(s_small), "tiny.png", limits));
        Assert.Equal("tiny.png: 5x4 is more than the 19 pixels allowed; raise PictureLimits.MaxPixels to read it.", error.Message);
    }

    static byte[] WithPixels(byte[] packed)
    {
        var chunks = PngWriterForTests.Chunks(s_small);
        return PngWriterForTests.Join([chunks[0], ("IDAT", packed), ("IEND", [])]);
    }

    static string Message(byte[] file) => Assert.Throws<ImageFormatException>(() => Picture.Decode(file)).Message;
}
