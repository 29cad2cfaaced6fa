using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Surface.Tests.Commands;

/// <summary>Ctrl+C ends a command with 130, and what it had done so far is kept where the command says so.</summary>
public sealed class InterruptTests
{
    const int Cancelled = 130;

    [Fact]
    public void Train_KeepsItsStateAndSaysHowToGoOn()
    {
        using var folder = new TemporaryFolder();
        string state = folder["net.checkpoint.npz"];
        CommandLineResult result = CommandLine.Interrupt(
            folder.Path, _ => File.Exists(state), "train", "--data", "digits,train=300,test=100", "--epochs", "100000", "--out", "net.onnx", "--device", "cpu").Expect(Cancelled);
        Assert.Contains("net.checkpoint.npz: go on with the same options and --resume", result.Errors, StringComparison.Ordinal);
        Assert.Equal([state], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Reproduce_KeepsTheUnitsThatAreDone()
    {
        using var folder = new TemporaryFolder();
        string[] run = ["reproduce", "mv-fig4", "--out", "results", "--data", folder.Path, "--device", "cpu", "--iterations"];
        CommandLine.Interrupt(folder.Path, errors => errors.Contains("preimage: 1 of 3", StringComparison.Ordinal), [.. run, "60"]).Expect(Cancelled);
        string[] done = Directory.GetFiles(folder["results/units"], "*.json");
        Assert.InRange(done.Length, 1, 2);
        Assert.Contains($"{3 - done.Length} done, {done.Length} found done", CommandLine.Run(folder.Path, [.. run, "60"]).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("measure", "--metric", "all", "--out", "table.md")]
    [InlineData("gallery", "--metric", "all", "--out", "page")]
    public void Others_EndWithoutHalfAResult(string verb, params string[] more)
    {
        using var folder = new TemporaryFolder();
        using (Network network = new RandomNetworks(seed: 1).ThreeLayer(48, 48, filters: 32))
            network.Save(folder["net.onnx"]);
        string[] pictures = [.. Enumerable.Range(0, 8).Select(i => $"{i}.png")];
        for (int i = 0; i < pictures.Length; i++)
            DrawnPicture.House(48 + i, 48).Save(folder[pictures[i]]);
        // Any line of progress: it is at work.
        CommandLineResult result = CommandLine.Interrupt(folder.Path, errors => errors.Contains(" left", StringComparison.Ordinal),
            [verb, "net.onnx", .. pictures, "--method", "integrated-gradients,saliency-smooth,occlusion", "--preprocess", "unit", "--device", "cpu", .. more]).Expect(Cancelled);
        Assert.Contains("preimage: cancelled", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["net.onnx", .. pictures], Directory.GetFileSystemEntries(folder.Path).Select(f => Path.GetFileName(f)!).OrderByDescending(f => f == "net.onnx").ThenBy(f => f, StringComparer.Ordinal));
    }
}
