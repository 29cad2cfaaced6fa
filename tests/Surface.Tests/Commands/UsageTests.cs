using System.CommandLine;
using Preimage.Algorithms.Experiments;
using Preimage.Cli;
using Preimage.Cli.Commands;
using Preimage.Layers;

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
    [InlineData("inspect", "runtimes")]
    public void Failed_ExitsWith1AndOneLine(params string[] arguments)
    {
        CommandLineResult result = CommandLine.Run(s_here, arguments).Expect(1);
        RequireOneLine(result);
        Assert.DoesNotContain("internal error", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>What a new user gets wrong, and the words that name it and the way out.</summary>
    [Theory]
    [InlineData(2, "There is no command exlain; did you mean explain?", "exlain", "tiny.onnx", "a.png")]
    [InlineData(2, "explain has no option --methd; did you mean --method?", "explain", "tiny.onnx", "a.png", "--methd", "guided")]
    [InlineData(2, "IMAGE is missing.", "explain", "tiny.onnx")]
    [InlineData(2, "MODEL is missing.", "inspect")]
    [InlineData(2, "--top five: a whole number is wanted.", "classify", "tiny.onnx", "a.png", "--top", "five")]
    [InlineData(2, "-C much: a number is wanted.", "caricature", "tiny.onnx", "a.png", "--node", "conv1", "-C", "much")]
    [InlineData(2, "pictures are written as .png, .ppm, .pgm, .pnm.", "explain", "tiny.onnx", "a.png", "--out", "b.jpg")]
    [InlineData(2, "there is no folder", "explain", "tiny.onnx", "a.png", "--out", "nowhere/b.png")]
    [InlineData(2, "that is a folder", "train", "--out", "photos")]
    [InlineData(2, "there is no experiment 'mvfig4'; did you mean mv-fig4?", "reproduce", "mvfig4")]
    [InlineData(1, "there is no file missing.onnx", "inspect", "missing.onnx")]
    [InlineData(1, "photos is a folder: the model's file is wanted", "inspect", "photos")]
    [InlineData(1, "a.png is a picture (PNG), not a network: the model comes first", "classify", "a.png", "tiny.onnx")]
    [InlineData(1, "torch.onnx.export", "inspect", "net.pth")]
    [InlineData(1, "there is no file missing.png", "explain", "tiny.onnx", "missing.png")]
    [InlineData(1, "name the pictures in it, such as photos/*.png", "explain", "tiny.onnx", "photos")]
    [InlineData(1, "a WebP picture, which is not read (PNG, PPM, JPEG are): convert it to PNG.", "explain", "tiny.onnx", "web.png")]
    [InlineData(1, "there is no file names.txt", "classify", "tiny.onnx", "a.png", "--labels", "names.txt")]
    [InlineData(1, "there is no node 'covn1'. There are: ", "explain", "tiny.onnx", "a.png", "--node", "covn1")]
    [InlineData(1, "'class 99999' does not exist: node ", "explain", "tiny.onnx", "a.png", "--class", "99999")]
    [InlineData(1, "a network of 3 channels needs 1 or 3", "explain", "tiny.onnx", "a.png", "--preprocess", "two.json")]
    [InlineData(1, "a.png is a file: a folder of pictures is wanted", "top", "tiny.onnx", "--node", "conv", "--data", "a.png")]
    public void Mistake_IsNamedWithTheWayOut(int exitCode, string words, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using (Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8))
            network.Save(folder["tiny.onnx"]);
        DrawnPicture.House(32, 32).Save(folder["a.png"]);
        Directory.CreateDirectory(folder["photos"]);
        File.WriteAllBytes(folder["web.png"], [.. "RIFF\0\0\0\0WEBPVP8 "u8]);
        File.WriteAllBytes(folder["net.pth"], [.. "PK\u0003\u0004"u8]);
        File.WriteAllText(folder["two.json"], """{ "name": "two", "mean": [1, 2] }""");
        CommandLineResult result = CommandLine.Run(folder.Path, arguments).Expect(exitCode);
        RequireOneLine(result);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_AreUnderstoodAndStandInTheHelp()
    {
        RootCommand root = CommandTree.Build(TestContext.Current.CancellationToken);
        foreach (Command command in root.Subcommands)
        {
            Assert.NotEmpty(Examples.Of(command.Name));
            Assert.All(Examples.Of(command.Name), line =>
            {
                Assert.StartsWith($"preimage {command.Name}", line, StringComparison.Ordinal);
                Assert.Null(ParseErrors.Describe(root.Parse(line["preimage ".Length..])));
            });
        }

        string help = CommandLine.Run(s_here, "explain", "--help").Expect(0).Output;
        Assert.All(Examples.Of("explain"), line => Assert.Contains($"  {line}\n", help, StringComparison.Ordinal));
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
