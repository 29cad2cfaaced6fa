using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Writing;
using Preimage.Algorithms.Imaging;
using Preimage.Gallery.Tests.Fixture;
using Preimage.Layers;

namespace Preimage.Gallery.Tests.Writing;

public sealed partial class GalleryPageTests
{
    [Fact]
    public void Page_NamesNothingOutsideItself()
    {
        string page = Written(SyntheticGallery.Document);
        Assert.DoesNotMatch(@"(src|href)\s*=\s*[""']?(https?:)?//", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        // Of the addresses in the code, the name of SVG's elements is no place to load from.
        Assert.All(Address().Matches(page).Select(m => m.Value), a => Assert.StartsWith("http://www.w3.org/2000/svg", a, StringComparison.Ordinal));
    }

    [Fact]
    public void HostileNames_EndNoElement()
    {
        GalleryDocument document = SyntheticGallery.Document with
        {
            Title = SyntheticGallery.Hostile, Introduction = SyntheticGallery.Hostile, Notes = [SyntheticGallery.Hostile], Made = [new(SyntheticGallery.Hostile, SyntheticGallery.Hostile)],
            Exhibits = [.. SyntheticGallery.Document.Exhibits.Select(e => e with { Title = SyntheticGallery.Hostile, LookFor = SyntheticGallery.Hostile, Notes = [SyntheticGallery.Hostile], Command = SyntheticGallery.Hostile, Id = null })],
        };
        string page = Written(document);
        // As many elements as with harmless names, and the same code in the page's own script.
        Assert.Equal(ScriptTag().Count(Written(SyntheticGallery.Document)), ScriptTag().Count(page));
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<!-- {{", page, StringComparison.Ordinal);
        Assert.Equal(1, Count(page, PageTemplate.Script));
        // And every name comes back as it was.
        Assert.Contains($"<h1>{WebUtility.HtmlEncode(SyntheticGallery.Hostile)}</h1>", page, StringComparison.Ordinal);
        JsonElement json = DocumentOf(page);
        Assert.All(json.GetProperty("exhibits").EnumerateArray(), e => Assert.Equal(SyntheticGallery.Hostile, e.GetProperty("title").GetString()));
        Assert.Equal(6, json.GetProperty("exhibits").EnumerateArray().Select(e => e.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public void MapsAndPictures_AreStoredOnce()
    {
        string page = Written(SyntheticGallery.Document);
        AttributionExhibit exhibit = SyntheticGallery.Document.Exhibits.OfType<AttributionExhibit>().Single();
        JsonElement json = DocumentOf(page);
        // The exhibit of sensitivity shows the same maps and the same picture.
        Assert.Equal(exhibit.Maps.Count, json.GetProperty("maps").GetArrayLength());
        Assert.Equal(exhibit.Maps.Count, Count(page, "id=\"map-"));
        Assert.Equal(json.GetProperty("pictures").GetArrayLength(), Count(page, "id=\"picture-"));
        Assert.Equal(2 + 2 + 12 + 1, json.GetProperty("pictures").GetArrayLength());
    }

    [Fact]
    public void StoredPictures_DecodeToTheSamePixels()
    {
        string page = Written(SyntheticGallery.Document);
        Picture photo = SyntheticGallery.Document.Exhibits.OfType<AttributionExhibit>().Single().Images[0].Picture;
        string text = Regex.Match(page, "id=\"picture-0\">([^<]*)<").Groups[1].Value;
        Assert.Equal(photo.Pixels, Picture.Decode(Convert.FromBase64String(text)).Pixels);
    }

    [Fact]
    public void LargePage_TakesEightBitsAndSaysSo()
    {
        GalleryPageSummary whole = Write(SyntheticGallery.Document, out _);
        GalleryPageSummary small = Write(SyntheticGallery.Document, out string page, whole.Bytes - 1);
        Assert.Equal((16, 8), (whole.MapBits, small.MapBits));
        Assert.True(small.Bytes < whole.Bytes, $"{small.Bytes} of {whole.Bytes}");
        Assert.Contains("stored with 8 bits", page, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetByteCount(page), small.Bytes);
        JsonElement json = DocumentOf(page);
        Assert.Equal(8, json.GetProperty("mapBits").GetInt32());
        Assert.All(json.GetProperty("maps").EnumerateArray(), m => Assert.Equal(8, m.GetProperty("bits").GetInt32()));
    }

    [Fact]
    public void PageThatDoesNotFit_IsRefusedWithItsSize()
    {
        using var stream = new MemoryStream();
        PreimageException error = Assert.Throws<PreimageException>(() => GalleryPage.Write(SyntheticGallery.Document, stream, 100_000));
        Assert.Contains("100000 are allowed", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void File_IsLeftAloneWhereThePageIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("index.html");
        File.WriteAllText(path, "old");
        Assert.Throws<PreimageException>(() => GalleryPage.Write(SyntheticGallery.Document, path, 1000));
        Assert.Equal("old", File.ReadAllText(path));
        GalleryPageSummary summary = GalleryPage.Write(SyntheticGallery.Document, path);
        Assert.Equal(new FileInfo(path).Length, summary.Bytes);
    }

    [Fact]
    public void SameDocument_GivesTheSameBytes() => Assert.Equal(Written(SyntheticGallery.Document), Written(SyntheticGallery.Document));

    internal static GalleryPageSummary Write(GalleryDocument document, out string page, long maxBytes = GalleryPage.DefaultMaxBytes)
    {
        using var stream = new MemoryStream();
        GalleryPageSummary summary = GalleryPage.Write(document, stream, maxBytes);
        page = Encoding.UTF8.GetString(stream.ToArray());
        return summary;
    }

    static string Written(GalleryDocument document)
    {
        Write(document, out string page);
        return page;
    }

    static JsonElement DocumentOf(string page) =>
        JsonDocument.Parse(Regex.Match(page, "<script type=\"application/json\" id=\"document\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value).RootElement;

    static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("https?://[^\"' )]+")]
    private static partial Regex Address();

    [GeneratedRegex("</?script", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptTag();
}
