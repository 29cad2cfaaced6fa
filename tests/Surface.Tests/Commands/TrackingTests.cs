using System.Text.Json;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;

namespace Preimage.Surface.Tests.Commands;

/// <summary>backtrack and track: what they print and draw, on a small network with random weights.</summary>
public sealed class TrackingTests
{
    [Fact]
    public void Backtrack_TellsSetsAndProbabilities()
    {
        using TemporaryFolder folder = WithModel();
        string[] run = ["backtrack", "tiny.onnx", "a.png", "--compare", "b.png", "--threshold", "0.0001", "--device", "cpu"];
        using JsonDocument document = JsonDocument.Parse(CommandLine.Run(folder.Path, [.. run, "--save", "set.npy", "--json"]).Expect(0).Output);
        JsonElement root = document.RootElement;
        JsonElement[] images = [.. root.GetProperty("images").EnumerateArray()];
        Assert.Equal(["pool1", "relu2", "relu3"], images[0].GetProperty("sets").EnumerateArray().Select(s => s.GetProperty("node").GetString()));
        int[] traced = [.. images.Select(i => i.GetProperty("sets")[0].GetProperty("units").GetInt32())];
        Assert.All(traced, t => Assert.InRange(t, 1, 512));
        int common = root.GetProperty("common").GetInt32();
        Assert.InRange(common, 0, traced.Min());
        Assert.Equal(
            ["traced", "common", "unique", "traced", "common", "unique"], root.GetProperty("suppressed").EnumerateArray().Select(s => s.GetProperty("set").GetString()));
        Assert.Equal([traced[0], common, traced[0] - common], root.GetProperty("suppressed").EnumerateArray().Take(3).Select(s => s.GetProperty("units").GetInt32()));
        Assert.Equal(traced[0], NpyFile.Load(folder["set.npy"]).ToArray().Sum());

        string text = CommandLine.Run(folder.Path, [.. run, "--suppress", "common"]).Expect(0).Output;
        Assert.Contains("in common", text, StringComparison.Ordinal);
        Assert.DoesNotContain("unique", text, StringComparison.Ordinal);
        // Every positive contribution is more than the strongest ones.
        using JsonDocument literal = JsonDocument.Parse(CommandLine.Run(folder.Path, "backtrack", "tiny.onnx", "a.png", "--literal", "--class", "2", "--device", "cpu", "--json").Expect(0).Output);
        Assert.Equal(2, literal.RootElement.GetProperty("images")[0].GetProperty("class").GetInt32());
        Assert.Contains("classes 0 to 4", CommandLine.Run(folder.Path, "backtrack", "tiny.onnx", "a.png", "--class", "5").Expect(1).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("paper")]
    [InlineData("paper-wrapped")]
    public void Track_DrawsARowPerImage(string look)
    {
        using TemporaryFolder folder = WithModel();
        string output = CommandLine.Run(
            folder.Path, "track", "tiny.onnx", "a.png", "b.png", "--compare", "b.png", "--set", "unique", "--look", look, "--threshold", "0.0001", "--out", "sheet.png", "--save", "features.npy", "--device", "cpu").Expect(0).Output;
        Assert.Contains("sheet.png", output, StringComparison.Ordinal);
        Picture sheet = Picture.Load(folder["sheet.png"]);
        Assert.Equal([2, 1, 32, 32], NpyFile.Load(folder["features.npy"]).Lengths.ToArray());
        Assert.True(sheet.Width > 5 * 256 && sheet.Height > 2 * 256, $"{sheet}");
    }

    static TemporaryFolder WithModel()
    {
        var folder = new TemporaryFolder();
        using (Network network = Tiny())
            network.Save(folder["tiny.onnx"]);
        DrawnPicture.House(32, 32).Save(folder["a.png"]);
        DrawnPicture.House(80, 48).Save(folder["b.png"]);
        return folder;
    }

    /// <summary>A convolution, pooling and three dense layers.</summary>
    static Network Tiny()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 32, 32));
        x = builder.Add("relu1", new Relu(), builder.Add("conv1", new Convolution
        {
            Weight = Weights(0, 8, 3, 3, 3), Bias = Weights(1, 8), Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) },
        }, x));
        x = builder.Add("pool1", new MaxPool { Sliding = new Window { Kernel = (4, 4), Stride = (4, 4) } }, x);
        x = builder.Add("flat", new Flatten(), x);
        x = builder.Add("relu2", new Relu(), builder.Add("fc2", new Dense { Weight = Weights(2, 24, 512), OutputMajor = true }, x));
        x = builder.Add("relu3", new Relu(), builder.Add("fc3", new Dense { Weight = Weights(3, 16, 24), OutputMajor = true }, x));
        builder.Output(builder.Add("fc4", new Dense { Weight = Weights(4, 5, 16), OutputMajor = true }, x));
        return builder.Build();
    }

    static SeededWeights Weights(ulong stream, params int[] extents) => new(7, stream, Distribution.Gaussian(0.3), extents);
}
