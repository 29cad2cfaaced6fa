using System.Globalization;
using Preimage.Algorithms.Imaging;
using Preimage.Gallery.Tests.Browser;
using Preimage.Layers;

namespace Preimage.Surface.Tests.Commands;

/// <summary>The first thing a newcomer runs.</summary>
public sealed class DemoTests(DemoRun run) : IClassFixture<DemoRun>
{
    [Fact]
    public void Demo_SaysWhereItsPageIsAndHowFarItWas()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{run.Seconds:F1} s");
        Assert.Contains(run.Page, run.Result.Output, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(run.Page).Length, 100_000, 15_000_000);
        string[] told = run.Result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(told, l => l.Contains("training", StringComparison.Ordinal));
        Assert.All(told, l => Assert.Contains(" s left", l, StringComparison.Ordinal));
        Picture sheet = Picture.Load(run["preimage-demo.png"]);
        Assert.True(sheet.Width > 4 * 200 && sheet.Height > 2 * 200, $"the sheet is {sheet}");
    }

    [Fact]
    public void Demo_GuidedRecoversThePictureFromUntrainedNetworks()
    {
        // Bounds at half of what was measured for stride 2 and 256 filters (0.74, 0.51, 0.46; about 0 for the others).
        Assert.True(Correlation("no pooling", "guided") > 0.5);
        Assert.True(Correlation("max pooling", "guided") > 0.3);
        Assert.True(Correlation("max pooling", "deconvnet") > 0.3);
        Assert.InRange(Correlation("no pooling", "saliency"), -0.15, 0.15);
        Assert.InRange(Correlation("max pooling", "saliency"), -0.15, 0.15);
    }

    [Fact]
    public void Demo_LearnsAndFindsGuidedBackpropagationInsensitiveToTheClass()
    {
        using Network trained = Network.Load(run["gallery/faces.onnx"]);
        Assert.Equal(10, trained.Metadata.ClassNames.Count);
        // Half of what is found, both ways: 0.97 for guided backpropagation, 0.02 for saliency.
        Assert.True(BetweenClasses("Guided backpropagation") > 0.75);
        Assert.True(BetweenClasses("Saliency") < 0.5);
    }

    [Fact]
    public void CommandLines_AreUnderstoodAndOneIsRun()
    {
        string[] lines = PageCommands.Of(run.Page);
        PageCommands.AreUnderstood(lines);
        string explain = lines.First(l => l.Contains("--method guided", StringComparison.Ordinal) && l.Contains("faces.onnx", StringComparison.Ordinal) && l.Contains("--class", StringComparison.Ordinal));
        string[] words = PageCommands.Words(explain);
        CommandLine.Run(run.Folder, words).Expect(0);
        Assert.True(Picture.Load(Path.Combine(run.Folder, words[^1])).Width > 64);
    }

    [Fact]
    public async Task Page_HoldsInABrowser()
    {
        string[] checks = ["quiet", "alone", "firstPaint", "pictures", "structure", "accessibility"];
        BrowserRun browser = await BrowserRun.CheckAsync(run.Page, new PageExpectations(), checks);
        Assert.Equal(checks.Order(), browser.Results.Keys.Order());
        Assert.All(browser.Results.Values, r => Assert.True(r.Ok, $"{r.Check}: {r.Detail}"));
        TestContext.Current.TestOutputHelper?.WriteLine(browser.Output);
    }

    double BetweenClasses(string method) => Number(Line(l => l.StartsWith(method, StringComparison.Ordinal)), ^2);

    double Correlation(string network, string method) => Number(Line(l => l.StartsWith(network, StringComparison.Ordinal) && l.Contains($" {method} ", StringComparison.Ordinal)), ^1);

    string Line(Func<string, bool> wanted) => run.Result.Output.Split('\n').Single(wanted);

    static double Number(string line, Index place) => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[place], CultureInfo.InvariantCulture);
}
