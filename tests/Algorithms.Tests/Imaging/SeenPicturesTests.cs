using Preimage.Algorithms.Imaging;
using Preimage.Interop.Jpeg;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Imaging;

/// <summary>Files as other programs write them, against what Pillow sees of them (Files/make.py).</summary>
public sealed class SeenPicturesTests
{
    static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "pictures");

    public static TheoryData<string> Files => [.. Directory.GetFiles(s_folder).Where(f => Path.GetExtension(f) is ".png" or ".jpg").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public void Load_SeesWhatPillowSees(string file)
    {
        bool jpeg = file.EndsWith(".jpg", StringComparison.Ordinal);
        if (jpeg && !JpegDecoder.IsAvailable) ReferenceData.Absent("libturbojpeg is not on this machine");
        Picture picture = Picture.Load(Path.Combine(s_folder, file)), seen = Picture.Load(Directory.GetFiles(s_folder, $"{file}.p?m").Single());
        Assert.Equal((seen.Width, seen.Height, seen.Channels), (picture.Width, picture.Height, picture.Channels));
        // Pillow rounds blends in its own way, and cuts 16 bits of colour off where they are rounded here; versions of libjpeg may round otherwise.
        int most = jpeg || file.Contains("alpha", StringComparison.Ordinal) || file.Contains("rgba", StringComparison.Ordinal) || file.Contains("16", StringComparison.Ordinal) ? 1 : 0;
        for (int i = 0; i < seen.Pixels.Length; i++)
            Assert.True(Math.Abs(seen.Pixels[i] - picture.Pixels[i]) <= most, $"{file}: sample {i} is {picture.Pixels[i]}, Pillow has {seen.Pixels[i]}");
    }

    [Fact]
    public void Files_AreOfEveryKind() => Assert.Equal((12, 25), (Files.Count(f => f.Data.EndsWith(".jpg", StringComparison.Ordinal)), Files.Count(f => f.Data.EndsWith(".png", StringComparison.Ordinal))));
}
