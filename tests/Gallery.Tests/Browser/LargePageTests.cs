using Preimage.Algorithms.Gallery;
using Preimage.Gallery.Tests.Fixture;

namespace Preimage.Gallery.Tests.Browser;

public sealed class LargePageTests
{
    [Fact]
    public async Task PageOfADemosSize_IsPaintedWithinASecond()
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("index.html");
        GalleryPageSummary summary = GalleryPage.Write(LargeGallery.Document(), page);
        Assert.InRange(summary.Bytes, 6_000_000, GalleryPage.DefaultMaxBytes);
        BrowserRun run = await BrowserRun.CheckAsync(page, new PageExpectations(), "firstPaint", "pictures", "quiet");
        Assert.All(run.Results.Values, r => Assert.True(r.Ok, r.Detail));
        TestContext.Current.TestOutputHelper?.WriteLine($"{summary}: {run.Results["firstPaint"].Detail}");
    }
}
