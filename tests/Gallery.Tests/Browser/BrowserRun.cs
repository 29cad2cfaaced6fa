using System.Diagnostics;
using System.Text.Json;
using Preimage.Tests.Shared;

namespace Preimage.Gallery.Tests.Browser;

/// <summary>A page that was opened and operated in a real browser by <c>check.mjs</c>, and what came of each check.</summary>
internal sealed class BrowserRun
{
    /// <summary>ENOENT: any other error of starting it is a failure, not an absence.</summary>
    const int NoSuchFile = 2;

    /// <summary>No run may take longer: one that does hangs.</summary>
    static readonly TimeSpan s_most = TimeSpan.FromMinutes(4);

    static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    static readonly string[] s_browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    BrowserRun(IReadOnlyDictionary<string, CheckResult> results, string output) => (Results, Output) = (results, output);

    /// <summary>The checks that ran, by name.</summary>
    public IReadOnlyDictionary<string, CheckResult> Results { get; }

    /// <summary>Everything that was printed.</summary>
    public string Output { get; }

    /// <summary>Opens a page; skips the calling test where node, playwright-core or chromium is absent.</summary>
    /// <param name="page">The file.</param>
    /// <param name="expectations">What must be found in it.</param>
    /// <param name="checks">The checks to run; none for all.</param>
    public static async Task<BrowserRun> CheckAsync(string page, PageExpectations expectations, params string[] checks)
    {
        string folder = Path.Combine(FindRoot(), "tests", "Gallery.Tests", "Browser");
        string? given = Environment.GetEnvironmentVariable("PREIMAGE_CHROMIUM") is { Length: > 0 } named ? named : null;
        Assert.True(given is null || File.Exists(given), $"PREIMAGE_CHROMIUM names {given}, which is not there");
        string? chromium = given ?? s_browsers.FirstOrDefault(File.Exists);
        if (chromium is null)
            ReferenceData.Absent($"no browser: none of {string.Join(", ", s_browsers)} is here, and PREIMAGE_CHROMIUM names none (apt-get install chromium)");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "playwright-core")))
            ReferenceData.Absent("no playwright-core: run 'npm ci' in tests/Gallery.Tests/Browser");
        string expected = Path.ChangeExtension(page, ".expected.json");
        await File.WriteAllTextAsync(expected, JsonSerializer.Serialize(expectations, s_json));

        var start = new ProcessStartInfo("node", [Path.Combine(folder, "check.mjs"), page, expected, .. checks]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PREIMAGE_CHROMIUM"] = chromium;
        using Process process = Started(start);
        using var limit = new CancellationTokenSource(s_most);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token), errors = process.StandardError.ReadToEndAsync(limit.Token);
            string text = await output, wrong = await errors;
            await process.WaitForExitAsync(limit.Token);
            CheckResult[] results = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<CheckResult>(l, s_json)!)];
            Assert.True(results.Length > 0, $"no check ran: {wrong}");
            return new BrowserRun(results.ToDictionary(r => r.Check), text + wrong);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e) when (e.NativeErrorCode == NoSuchFile)
        {
            ReferenceData.Absent("no node: install Node.js 18 or later to run the gallery's browser tests");
            throw;
        }
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interop.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} has Interop.sln: the browser's scripts lie in the source tree");
    }
}

/// <summary>What came of a check.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Ok">Whether it held.</param>
/// <param name="Detail">What was wrong, or what was measured.</param>
internal sealed record CheckResult(string Check, bool Ok, string Detail);

/// <summary>What must be found in a page.</summary>
internal sealed record PageExpectations
{
    /// <summary>Controls that must be there, as "exhibit-id/name".</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>The only controls to operate, as "exhibit-id/name"; none for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>What must be read at pixels of maps.</summary>
    public IReadOnlyList<ExpectedValue> Values { get; init; } = [];

    /// <summary>What the copy button must copy.</summary>
    public IReadOnlyList<ExpectedCommand> Commands { get; init; } = [];

    /// <summary>A folder for screenshots, or null.</summary>
    public string? Screenshots { get; init; }
}

/// <summary>A pixel of a map with its values, one per channel, and how far the stored ones may be from them.</summary>
internal sealed record ExpectedValue(string Exhibit, string Image, int Class, string Method, int X, int Y, IReadOnlyList<double> Values, double Tolerance);

/// <summary>The command line of a map.</summary>
internal sealed record ExpectedCommand(string Exhibit, string Image, int Class, string Method, string Command);
