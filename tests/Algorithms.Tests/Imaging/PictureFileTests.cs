using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Imaging;

public sealed class PictureFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("picture").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, int, int, int> Cases => new()
    {
        { "a.png", 1, 1, 1 }, { "a.png", 1, 1, 3 }, { "a.png", 37, 21, 1 }, { "a.png", 37, 21, 3 }, { "a.PNG", 800, 500, 3 },
        { "a.ppm", 37, 21, 3 }, { "a.pgm", 37, 21, 1 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void SaveLoad_RoundTrip(string name, int width, int height, int channels)
    {
        var picture = Pictures.Formula(width, height, channels);
        string path = Path.Combine(_folder, name);
        picture.Save(path);
        var back = Picture.Load(path);
        Assert.Equal((width, height, channels), (back.Width, back.Height, back.Channels));
        Assert.True(picture.Pixels.SequenceEqual(back.Pixels));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void SaveLoad_KeepsText()
    {
        var text = new Dictionary<string, string> { ["Method"] = "guided\nseed 1", ["Title"] = "Größe", ["Note"] = "λ → 0" };
        string path = Path.Combine(_folder, "a.png");
        Pictures.Formula(3, 3, 1).WithText(text).Save(path);
        Assert.Equal(text, Picture.Load(path).Text);
        Assert.Throws<ArgumentException>(() => Pictures.Formula(3, 3, 1).WithText([new("", "x")]).Save(path));
        Assert.Equal(text, Picture.Load(path).Text);
    }

    [Fact]
    public void Save_CompressesSmoothPictures()
    {
        var pixels = new byte[256 * 256 * 3];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)((i / 3 % 256 + i / 768) / 2);
        string path = Path.Combine(_folder, "a.png");
        new Picture(256, 256, 3, pixels).Save(path);
        Assert.InRange(new FileInfo(path).Length, 0, pixels.Length / 50);
    }

    [Fact]
    public void Save_UnknownExtension()
    {
        var error = Assert.Throws<NotSupportedException>(() => Pictures.Formula(3, 3, 1).Save(Path.Combine(_folder, "a.jpg")));
        Assert.Contains(".png", error.Message);
    }

    [Theory]
    [InlineData("P2\n# a comment\n2 1\n15\n0 15\n", new byte[] { 0, 255 })]
    [InlineData("P3 1 1 255 1 2 3", new byte[] { 1, 2, 3 })]
    [InlineData("P5\n2 1\n255\n\u0001\u0002", new byte[] { 1, 2 })]
    [InlineData("P5 1 1 65535\n\u0080\u0000", new byte[] { 128 })]
    public void Decode_Ppm(string file, byte[] expected) =>
        Assert.Equal(expected, Picture.Decode(System.Text.Encoding.Latin1.GetBytes(file)).Pixels.ToArray());

    [Theory]
    [InlineData("P5 2 2 255\n\u0001\u0002")]
    [InlineData("P5 99999 99999 255\n")]
    [InlineData("P5 5000 5000 255\n")]
    [InlineData("P2 1 1 15 16")]
    [InlineData("P5 0 1 255\n")]
    [InlineData("P5 1 1 0\n1")]
    [InlineData("P5 99999999999 1 1\n1")]
    [InlineData("P2 1 1 x")]
    [InlineData("P2 1")]
    [InlineData("GIF89a")]
    [InlineData("")]
    public void Decode_BadFiles(string file) =>
        Assert.Throws<ImageFormatException>(() => Picture.Decode(System.Text.Encoding.Latin1.GetBytes(file)));
}
