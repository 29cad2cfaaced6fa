namespace Preimage.Surface.Tests.Commands;

/// <summary>What happens when the program is not understood, or fails: an exit code and one line.</summary>
public sealed class UsageTests
{
    static readonly string s_here = AppContext.BaseDirectory;

    [Theory]
    [InlineData]
    [InlineData("paint")]
    [InlineData("inspect")]
    [InlineData("explain", "model.onnx")]
    [InlineData("explain", "model.onnx", "cat.png", "--method", "tea-leaves")]
    [InlineData("explain", "model.onnx", "cat.png", "--device", "abacus")]
    [InlineData("explain", "model.onnx", "cat.png", "--class", "1", "--node", "conv1")]
    [InlineData("explain", "model.onnx", "cat.png", "--unit", "1")]
    [InlineData("explain", "model.onnx", "cat.png", "--node", "conv1", "--unit", "1,2")]
    [InlineData("explain", "model.onnx", "cat.png", "--device", "cuda:x")]
    [InlineData("explain", "model.onnx", "cat.png", "--steps", "10")]
    [InlineData("explain", "model.onnx", "cat.png", "--method", "occlusion", "--window", "0")]
    [InlineData("compare", "model.onnx", "cat.png")]
    [InlineData("compare", "model.onnx", "cat.png", "--devices", "cpu")]
    [InlineData("compare", "model.onnx", "cat.png", "--devices", "cpu,cpu,cpu")]
    [InlineData("compare", "model.onnx", "cat.png", "--devices", "cpu,cpu:exact")]
    [InlineData("compare", "model.onnx", "cat.png", "--devices", "cpu,cuda:fast:strict")]
    [InlineData("classify", "model.onnx", "cat.png", "--top", "0")]
    [InlineData("top", "model.onnx", "--node", "conv1")]
    [InlineData("top", "model.onnx", "--node", "conv1", "--data", ".", "--units", "7-3")]
    [InlineData("invert", "model.onnx")]
    [InlineData("invert", "--representation", "tea-leaves", "cat.png")]
    [InlineData("invert", "--representation", "hog", "cat.png", "--node", "conv1")]
    [InlineData("invert", "--representation", "hog", "cat.png", "--iterations", "0")]
    [InlineData("caricature", "model.onnx", "cat.png")]
    [InlineData("backtrack", "model.onnx", "cat.png", "--suppress", "common")]
    [InlineData("backtrack", "model.onnx", "cat.png", "--compare", "dog.png", "--suppress", "all")]
    [InlineData("track", "model.onnx")]
    [InlineData("track", "model.onnx", "cat.png", "--look", "oil")]
    [InlineData("track", "model.onnx", "cat.png", "--set", "unique")]
    [InlineData("maximize", "model.onnx")]
    [InlineData("maximize", "model.onnx", "--class", "1", "--unit", "1")]
    [InlineData("maximize", "model.onnx", "--class", "1", "--stats", "a.json", "--calibrate", ".")]
    public void NotUnderstood_ExitsWith2AndOneLine(params string[] arguments) => RequireOneLine(CommandLine.Run(s_here, arguments).Expect(2));

    [Theory]
    [InlineData("inspect", "absent.onnx")]
    [InlineData("classify", "absent.onnx", "cat.png")]
    [InlineData("explain", "absent.onnx", "cat.png")]
    [InlineData("inspect", "preimage.dll")]
    public void Failed_ExitsWith1AndOneLine(params string[] arguments)
    {
        CommandLineResult result = CommandLine.Run(s_here, arguments).Expect(1);
        RequireOneLine(result);
        Assert.DoesNotContain("internal error", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_ShowsTheStack() =>
        Assert.Contains("   at ", CommandLine.Run(s_here, "inspect", "absent.onnx", "--verbose").Expect(1).Errors, StringComparison.Ordinal);

    [Fact]
    public void Help_ListsEveryCommandAndTheExitCodes()
    {
        string help = CommandLine.Run(s_here, "--help").Expect(0).Output;
        Assert.All(
            new[] { "demo", "inspect", "classify", "explain", "top", "invert", "maximize", "caricature", "backtrack", "track", "reproduce", "profile", "compare", "devices", "Exit codes" },
            word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    static void RequireOneLine(CommandLineResult result)
    {
        Assert.Empty(result.Output);
        string line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("preimage: ", line);
    }
}
