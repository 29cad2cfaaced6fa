using System.Globalization;
using Preimage.Algorithms.Imaging;

namespace Preimage.Surface.Tests.Commands;

/// <summary>The first thing a newcomer runs.</summary>
public sealed class DemoTests
{
    [Fact]
    public void Demo_DrawsTheSheetAndGuidedRecoversThePicture()
    {
        using var folder = new TemporaryFolder();
        CommandLineResult result = CommandLine.Run(folder.Path, "demo").Expect(0);
        Picture sheet = Picture.Load(folder["preimage-demo.png"]);
        Assert.True(sheet.Width > 4 * 200 && sheet.Height > 2 * 200, $"the sheet is {sheet}");
        Assert.Contains(folder["preimage-demo.png"], result.Output, StringComparison.Ordinal);

        // Bounds at half of what was measured for stride 2 and 256 filters (0.74, 0.51, 0.46; about 0 for the others).
        Assert.True(Correlation(result, "no pooling", "guided") > 0.5);
        Assert.True(Correlation(result, "max pooling", "guided") > 0.3);
        Assert.True(Correlation(result, "max pooling", "deconvnet") > 0.3);
        Assert.InRange(Correlation(result, "no pooling", "saliency"), -0.15, 0.15);
        Assert.InRange(Correlation(result, "max pooling", "saliency"), -0.15, 0.15);
    }

    [Fact]
    public void Demo_DrawsTheSameBytesAgain()
    {
        using var folder = new TemporaryFolder();
        CommandLine.Run(folder.Path, "demo", "--out", "a").Expect(0);
        CommandLine.Run(folder.Path, "demo", "--out", "b").Expect(0);
        Assert.Equal(File.ReadAllBytes(folder["a/preimage-demo.png"]), File.ReadAllBytes(folder["b/preimage-demo.png"]));
    }

    static double Correlation(CommandLineResult result, string network, string method)
    {
        string line = result.Output.Split('\n').Single(l =>
            l.StartsWith(network, StringComparison.Ordinal) && l.Contains($" {method} ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }
}
