using Preimage.Algorithms.Gallery;
using Preimage.Algorithms.Gallery.Writing;
using Preimage.Gallery.Tests.Fixture;

namespace Preimage.Gallery.Tests.Browser;

/// <summary>The synthetic gallery in chromium: one run of all checks, a test for each.</summary>
public sealed class FixturePageTests
{
    // One browser for all of them; a Lazy that skips would skip only the first.
    static readonly SemaphoreSlim s_one = new(1);

    static BrowserRun? s_run;

    [Theory]
    [InlineData("quiet"), InlineData("alone"), InlineData("firstPaint"), InlineData("pictures")]
    [InlineData("present"), InlineData("sorting"), InlineData("byMouse"), InlineData("byKeyboard")]
    [InlineData("values"), InlineData("commands"), InlineData("addresses")]
    [InlineData("themes"), InlineData("narrow"), InlineData("paper"), InlineData("stillness")]
    [InlineData("accessibility"), InlineData("structure")]
    public async Task Check_Holds(string check)
    {
        BrowserRun run = await RunAsync();
        Assert.True(run.Results.TryGetValue(check, out CheckResult? result), $"the check did not run: {run.Output}");
        Assert.True(result.Ok, result.Detail);
        TestContext.Current.TestOutputHelper?.WriteLine(result.Detail);
    }

    [Fact]
    public async Task EveryCheck_HasATest()
    {
        BrowserRun run = await RunAsync();
        var tested = typeof(FixturePageTests).GetMethod(nameof(Check_Holds))!.GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(a => (string)a.Data[0]!);
        Assert.Equal(tested.Order(), run.Results.Keys.Order());
    }

    [Fact]
    public async Task EightBits_AreReadWithinTheirError()
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("index.html");
        Assert.Equal(8, GalleryPage.Write(SyntheticGallery.Document, page, 900_000).MapBits);
        BrowserRun run = await BrowserRun.CheckAsync(page, Expected(8), "values");
        Assert.True(run.Results["values"].Ok, run.Results["values"].Detail);
    }

    static async Task<BrowserRun> RunAsync()
    {
        await s_one.WaitAsync();
        try
        {
            return s_run ??= await StartAsync();
        }
        finally
        {
            s_one.Release();
        }
    }

    static async Task<BrowserRun> StartAsync()
    {
        using var folder = new TemporaryFolder();
        string page = folder.File("index.html");
        GalleryPage.Write(SyntheticGallery.Document, page);
        return await BrowserRun.CheckAsync(page, Expected());
    }

    /// <summary>What must be found in the synthetic gallery.</summary>
    internal static PageExpectations Expected(int bits = 16)
    {
        AttributionExhibit exhibit = SyntheticGallery.Document.Exhibits.OfType<AttributionExhibit>().First();
        (string Image, int Class, string Method)[] maps =
        [
            ("terrier", 208, "saliency"), ("terrier", 285, "guided-backprop"), ("lighthouse & sea", 437, "grad-cam"), ("terrier", 999, "hostile"), ("terrier", 208, "zero"),
        ];
        GalleryMap[] chosen = [.. maps.Select(m => exhibit.Maps.Single(map => (map.Image, map.Class, map.Method) == m))];
        return new PageExpectations
        {
            Controls = s_controls,
            Values = [.. chosen.Select(m => ValueAt(exhibit.Id!, m, m.Width / 3, m.Height / 2, bits))],
            Commands = [.. chosen.Select(m => new ExpectedCommand(exhibit.Id!, m.Image, m.Class, m.Method, m.Command!))],
            Screenshots = Environment.GetEnvironmentVariable("PREIMAGE_SCREENSHOTS"),
        };
    }

    static ExpectedValue ValueAt(string exhibit, GalleryMap map, int x, int y, int bits)
    {
        double[] values = [.. Enumerable.Range(0, map.Channels).Select(c => (double)map.Values.Span[(c * map.Height + y) * map.Width + x])];
        MapCode code = MapCode.Encode(map.Values.Span, bits);
        // Of 8 bits the page says the error at the value itself (the remarks of MapCode), of which it knows the code.
        double most = values.Max(Math.Abs), q = code.Scale == 0 ? 0 : Math.Round(127 * Math.Sqrt(most / code.Scale));
        double tolerance = bits == 16 ? code.Error : (q + 0.25) / (127 * 127) * code.Scale;
        return new ExpectedValue(exhibit, map.Image, map.Class, map.Method, x, y, values, tolerance);
    }

    static readonly string[] s_controls =
    [
        "/theme",
        .. new[]
        {
            "image", "class", "method", "colours", "clip", "explore-zoom-out", "explore-zoom-in", "explore-zoom-whole", "view-photo", "view-map", "copy-map", "methods",
            "method-a", "class-a", "method-b", "class-b", "swap", "one-scale", "view-map-a", "view-map-b", "view-difference", "compare-zoom-in", "compare-zoom-out", "compare-zoom-whole", "copy-exhibit",
        }.Select(c => $"attribution/{c}"),
        "which-maps-notice-the-class/sort-cosine",
        "what-filters-stand-for/enlarge-1", "what-filters-stand-for/enlarge-2", "what-filters-stand-for/copy-figure-1",
        "an-inversion-step-by-step/scrub", "an-inversion-step-by-step/play", "an-inversion-step-by-step/previous", "an-inversion-step-by-step/next", "an-inversion-step-by-step/copy-exhibit",
        "do-the-maps-tell-the-truth/sort-name", "do-the-maps-tell-the-truth/sort-column-1", "do-the-maps-tell-the-truth/sort-column-4",
        "claims-and-numbers/sort-column-2",
    ];
}
