using Preimage.Algorithms.Imaging;
using Preimage.Interop.Jpeg;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Imaging;

public sealed class JpegTests
{
    [Fact]
    public void Load_Cat()
    {
        RequireLibrary();
        var picture = Picture.Load(ReferenceData.Path("photos/caffe/cat.jpg"));
        Assert.Equal((480, 360, 3), (picture.Width, picture.Height, picture.Channels));
        // Pillow 9.4's decode of the same file has these means; other versions of the library may round otherwise.
        double[] expected = [125.7639, 135.9982, 85.6565];
        for (int c = 0; c < 3; c++)
        {
            double sum = 0;
            for (int i = c; i < picture.Pixels.Length; i += 3) sum += picture.Pixels[i];
            Assert.Equal(expected[c], sum * 3 / picture.Pixels.Length, 0.05);
        }
    }

    [Fact]
    public void Load_Grey()
    {
        RequireLibrary();
        Assert.Equal(1, Picture.Load(ReferenceData.Path("photos/caffe/cat_gray.jpg")).Channels);
    }

    [Fact]
    public void Decode_DamagedFiles()
    {
        RequireLibrary();
        byte[] file = File.ReadAllBytes(ReferenceData.Path("photos/caffe/cat.jpg"));
        for (int length = 3; length < file.Length - 1; length += 997)
            Assert.Throws<ImageFormatException>(() => Picture.Decode(file.AsMemory(0, length)));
        var limits = new PictureLimits { MaxPixels = 1000 };
        Assert.Contains("480x360", Assert.Throws<ImageFormatException>(() => Picture.Decode(file, "cat", limits)).Message);
    }

    [Fact]
    public void Decode_MutatedFilesGiveAPictureOrAnError()
    {
        RequireLibrary();
        byte[] file = File.ReadAllBytes(ReferenceData.Path("photos/caffe/cat.jpg"));
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. file];
            // Half in the tables at the front, half anywhere.
            for (int n = 0; n < 3; n++) damaged[random.Next(3, i % 2 == 0 ? 700 : file.Length)] = (byte)random.Next(256);
            try
            {
                Picture.Decode(damaged, "mutant", new PictureLimits { MaxPixels = 1_000_000 });
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    [Fact]
    public void Decode_HeaderOfAnotherPictureIsRefused()
    {
        RequireLibrary();
        byte[] file = File.ReadAllBytes(ReferenceData.Path("photos/caffe/cat.jpg"));
        using var decoder = new JpegDecoder();
        Assert.Throws<ArgumentException>(() => decoder.Decode(file, new JpegHeader(2, 2, false), new byte[12]));
        Assert.Throws<ArgumentException>(() => decoder.Decode(file, decoder.ReadHeader(file), new byte[12]));
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.ReadHeader(file));
    }

    static void RequireLibrary()
    {
        if (!JpegDecoder.IsAvailable) ReferenceData.Absent("libturbojpeg is not on this machine");
    }
}
