using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Surface.Tests.Commands;

/// <summary>Every command that puts a network on a device takes <c>--precision</c>, and says which it was.</summary>
public sealed class PrecisionTests
{
    [Theory]
    [InlineData("classify", "a.png")]
    [InlineData("explain", "a.png")]
    [InlineData("measure", "a.png", "--metric", "image-recovery", "--method", "saliency")]
    [InlineData("top", "--node", "conv", "--data", ".")]
    [InlineData("decode", "--node", "conv", "--units", "0")]
    [InlineData("invert", "a.png", "--node", "relu", "--iterations", "2", "--second-phase", "0")]
    [InlineData("maximize", "--class", "1", "--iterations", "2")]
    [InlineData("caricature", "a.png", "--node", "relu", "--iterations", "2")]
    [InlineData("profile", "--runs", "1")]
    public void Strict_IsTakenAndSaid(string verb, params string[] more)
    {
        using var folder = new TemporaryFolder();
        using (Network network = new RandomNetworks(seed: 1).ThreeLayer(32, 32, filters: 8))
            network.Save(folder["tiny.onnx"]);
        DrawnPicture.House(32, 32).Save(folder["a.png"]);
        string[] preprocess = verb == "profile" ? [] : ["--preprocess", "unit"];
        CommandLineResult result = CommandLine.Run(folder.Path, [verb, "tiny.onnx", .. more, .. preprocess, "--device", "cpu", "--precision", "strict"]).Expect(0);
        Assert.Contains("precision strict", result.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("gallery"), InlineData("train"), InlineData("backtrack"), InlineData("track"), InlineData("compare")]
    public void Help_OffersIt(string verb) =>
        Assert.Contains("--precision <fast|single|strict>", CommandLine.Run(AppContext.BaseDirectory, verb, "--help").Expect(0).Output, StringComparison.Ordinal);
}
