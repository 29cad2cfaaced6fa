using System.Security.Cryptography;
using System.Text;
using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Writing;
using Preimage.Gallery.Tests.Fixture;
using Preimage.Gallery.Tests.Writing;

namespace Preimage.Gallery.Tests.Browser;

/// <summary>Checks that could not fail would be worth nothing: pages that were spoilt in one place must fail them.</summary>
public sealed class SpoiltPageTests
{
    [Theory]
    // Nothing is drawn: a page with no image.
    [InlineData("pictures", "context.putImageData(image, 0, 0);", "", "empty without a word")]
    // Buttons, sliders and choices that do nothing.
    [InlineData("byMouse", "() => viewport.zoomBy(1.5))", "() => {})", "attribution/explore-zoom-in: nothing changed in photo, map", "attribution/explore-zoom-in")]
    [InlineData("byKeyboard", "else if (event.key === '0') viewport.showWhole();", "else if (event.key === '0') return;", "attribution/view-map: nothing changed in photo, map", "attribution/view-map")]
    // Views that are not zoomed together.
    [InlineData("byMouse", "viewport.addEventListener('change', () => this.draw());", "if (part !== 'photo') viewport.addEventListener('change', () => this.draw());", "attribution/view-map: nothing changed in photo", "attribution/view-map")]
    // A value of the pixel beside the one that is pointed at.
    [InlineData("values", "const { at } = indexAt(map, cursor), plane = map.width * map.height;\n  return Array", "const at = indexAt(map, cursor).at + 1, plane = map.width * map.height;\n  return Array", "is not within")]
    [InlineData("quiet", "buildPage();", "buildPage(); console.error('spoilt');", "error: spoilt")]
    [InlineData("present", "name: 'one-scale'", "name: 'other'", "missing: attribution/one-scale")]
    public async Task SpoiltPage_FailsItsCheck(string check, string part, string instead, string because, params string[] only)
    {
        GalleryPageTests.Write(SyntheticGallery.Document, out string page);
        Assert.Contains(part, PageTemplate.Script, StringComparison.Ordinal);
        string spoilt = PageTemplate.Script.Replace(part, instead, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        string file = folder.File("index.html");
        await File.WriteAllTextAsync(file, page.Replace(PageTemplate.Script, spoilt, StringComparison.Ordinal).Replace(Hash(PageTemplate.Script), Hash(spoilt), StringComparison.Ordinal));
        BrowserRun run = await BrowserRun.CheckAsync(file, FixturePageTests.Expected() with { Only = only }, check);
        Assert.False(run.Results[check].Ok, $"the spoilt page passed: {run.Results[check].Detail}");
        Assert.Contains(because, run.Results[check].Detail, StringComparison.Ordinal);
    }

    static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
