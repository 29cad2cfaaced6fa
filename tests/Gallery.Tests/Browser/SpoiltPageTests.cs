using System.Security.Cryptography;
using System.Text;
using Preimage.Algorithms.Gallery.Writing;
using Preimage.Gallery.Tests.Fixture;
using Preimage.Gallery.Tests.Writing;

namespace Preimage.Gallery.Tests.Browser;

/// <summary>Checks that could not fail would be worth nothing: pages whose code was spoilt must fail them.</summary>
public sealed class SpoiltPageTests
{
    static readonly (string Part, string Instead)[] s_faults =
    [
        // A button and a key that do nothing, a view that is not zoomed with the others.
        ("() => viewport.zoomBy(1.5))", "() => {})"),
        ("else if (event.key === '0') viewport.showWhole();", "else if (event.key === '0') return;"),
        ("viewport.addEventListener('change', () => this.draw());", "if (part !== 'photo') viewport.addEventListener('change', () => this.draw());"),
        // The value of the pixel beside the one that is pointed at.
        ("const { at } = indexAt(map, cursor), plane = map.width * map.height;\n  return Array", "const at = indexAt(map, cursor).at + 1, plane = map.width * map.height;\n  return Array"),
        // A word in the console, a control that is gone, rows in the wrong order, another command than is shown.
        ("buildPage();", "buildPage(); console.error('spoilt');"),
        ("name: 'one-scale'", "name: 'other'"),
        ("const sign = order === 'ascending' ? 1 : -1;", "const sign = 1;"),
        ("writeText(code.textContent)", "writeText(code.textContent.trim() + ' ')"),
    ];

    [Fact]
    public async Task PageThatDrawsNothing_Fails()
    {
        BrowserRun run = await RunAsync([("context.putImageData(image, 0, 0);", "")], [], "pictures");
        Fails(run, "pictures", "empty without a word");
    }

    [Fact]
    public async Task EveryFault_IsFound()
    {
        BrowserRun run = await RunAsync(s_faults, ["attribution/explore-zoom-in", "attribution/view-map"], "quiet", "present", "sorting", "byMouse", "byKeyboard", "values", "commands");
        Fails(run, "byMouse", "attribution/explore-zoom-in: nothing changed in photo, map");
        Fails(run, "byMouse", "attribution/view-map: nothing changed in photo");
        Fails(run, "byKeyboard", "attribution/explore-zoom-in: nothing changed in photo, map");
        Fails(run, "byKeyboard", "attribution/view-map: nothing changed in photo");
        Fails(run, "values", "is not within");
        Fails(run, "quiet", "error: spoilt");
        Fails(run, "present", "missing: attribution/one-scale");
        Fails(run, "sorting", "descending: ");
        Fails(run, "commands", "copied '");
    }

    static async Task<BrowserRun> RunAsync(IReadOnlyList<(string Part, string Instead)> faults, IReadOnlyList<string> only, params string[] checks)
    {
        GalleryPageTests.Write(SyntheticGallery.Document, out string page);
        string spoilt = PageTemplate.Script;
        foreach ((string part, string instead) in faults)
        {
            Assert.Contains(part, spoilt, StringComparison.Ordinal);
            spoilt = spoilt.Replace(part, instead, StringComparison.Ordinal);
        }

        using var folder = new TemporaryFolder();
        string file = folder.File("index.html");
        // The page runs no code but that whose hash it names.
        await File.WriteAllTextAsync(file, page.Replace(PageTemplate.Script, spoilt, StringComparison.Ordinal).Replace(Hash(PageTemplate.Script), Hash(spoilt), StringComparison.Ordinal));
        return await BrowserRun.CheckAsync(file, FixturePageTests.Expected() with { Only = only }, checks);
    }

    static void Fails(BrowserRun run, string check, string because)
    {
        Assert.False(run.Results[check].Ok, $"{check} passed a spoilt page: {run.Results[check].Detail}");
        Assert.Contains(because, run.Results[check].Detail, StringComparison.Ordinal);
    }

    static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
