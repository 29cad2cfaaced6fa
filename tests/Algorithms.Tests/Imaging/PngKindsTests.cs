using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Imaging;

/// <summary>Every colour type, depth, interlacing and transparency, read back from files of our own.</summary>
public sealed class PngKindsTests
{
    internal static IEnumerable<PngCase> Cases(int width, int height)
    {
        foreach (bool interlaced in new[] { false, true })
        {
            foreach (int depth in new[] { 1, 2, 4, 8, 16 })
            {
                yield return new PngCase(width, height, depth, 0, interlaced);
                yield return new PngCase(width, height, depth, 0, interlaced) { Transparency = Key(width, height, depth, 0) };
                if (depth <= 8)
                {
                    byte[] palette = [.. Enumerable.Range(0, 3 * Math.Min(1 << depth, 200)).Select(i => (byte)(i * 37 + 11))];
                    yield return new PngCase(width, height, depth, 3, interlaced) { Palette = palette };
                    yield return new PngCase(width, height, depth, 3, interlaced) { Palette = palette, Transparency = [0, 100] };
                }
                if (depth < 8) continue;
                foreach (int colour in new[] { 2, 4, 6 }) yield return new PngCase(width, height, depth, colour, interlaced);
                yield return new PngCase(width, height, depth, 2, interlaced) { Transparency = Key(width, height, depth, 2) };
            }
        }
    }

    // The first pixel's own colour, so that the key is met.
    static byte[] Key(int width, int height, int depth, int colour)
    {
        var picture = new PngCase(width, height, depth, colour, false);
        return [.. Enumerable.Range(0, picture.SamplesPerPixel).SelectMany(s =>
        {
            int sample = picture.Sample(0, 0, s);
            return new[] { (byte)(sample >> 8), (byte)sample };
        })];
    }

    [Theory, InlineData(9, 7), InlineData(1, 1), InlineData(2, 5), InlineData(33, 17)]
    public void Decode_EveryKind(int width, int height)
    {
        int kinds = 0;
        foreach (var picture in Cases(width, height))
        {
            var decoded = Picture.Decode(PngWriterForTests.Write(picture));
            int channels = picture.Colour is 0 or 4 ? 1 : 3;
            Assert.Equal((width, height, channels), (decoded.Width, decoded.Height, decoded.Channels));
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    for (int c = 0; c < channels; c++)
                        Assert.True(Expected(picture, x, y, c) == decoded[x, y, c], $"{picture} at {x},{y},{c}");
            kinds++;
        }
        Assert.Equal(2 * (5 * 2 + 4 * 2 + 2 * 4), kinds);
    }

    [Theory, InlineData(0, 3), InlineData(2, 4), InlineData(3, 16), InlineData(4, 4), InlineData(6, 2), InlineData(1, 8), InlineData(0, 0)]
    public void Decode_RefusesOtherDepths(int colour, int depth)
    {
        var chunks = PngWriterForTests.Chunks(new PngCase(3, 3, 8, 2, false));
        chunks[0].Data[8] = (byte)depth;
        chunks[0].Data[9] = (byte)colour;
        var error = Assert.Throws<ImageFormatException>(() => Picture.Decode(PngWriterForTests.Join(chunks)));
        Assert.Contains("does not exist", error.Message);
    }

    static int Expected(PngCase picture, int x, int y, int c)
    {
        double most = (1 << picture.Depth) - 1, value, alpha = 255;
        if (picture.Colour == 3)
        {
            int index = picture.Sample(x, y, 0);
            value = picture.Palette![3 * index + c];
            if (index < picture.Transparency?.Length) alpha = picture.Transparency[index];
        }
        else
        {
            value = Math.Floor(picture.Sample(x, y, c) * 255 / most + 0.5);
            if (picture.Colour is 4 or 6)
                alpha = Math.Floor(picture.Sample(x, y, picture.SamplesPerPixel - 1) * 255 / most + 0.5);
            else if (picture.Transparency is { } key && Enumerable.Range(0, picture.SamplesPerPixel)
                .All(s => picture.Sample(x, y, s) == key[2 * s] * 256 + key[2 * s + 1]))
                alpha = 0;
        }
        return (int)Math.Floor((value * alpha + 255 * (255 - alpha)) / 255 + 0.5);
    }
}
