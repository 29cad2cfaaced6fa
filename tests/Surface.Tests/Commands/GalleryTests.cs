using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Weights;
using Preimage.Tests.Shared;

namespace Preimage.Surface.Tests.Commands;

/// <summary>preimage gallery: the page, and that its command lines make what stands above them.</summary>
public sealed class GalleryTests
{
    [Fact]
    public void Gallery_CarriesCommandLinesThatWork()
    {
        using TemporaryFolder folder = WithModel();
        CommandLineResult result = CommandLine.Run(
            folder.Path, "gallery", "tiny model.onnx", "-a.png", "it's b.png", "--preprocess", "unit", "--labels", "names.txt", "--classes", "2", "--iterations", "16", "--no-metrics", "-o", "new/page").Expect(0);
        string page = folder["new/page/index.html"];
        Assert.Contains(page, result.Output, StringComparison.Ordinal);
        Assert.Equal([page], Directory.GetFiles(folder["new/page"]));
        string text = File.ReadAllText(page);
        Assert.Contains("third class", text, StringComparison.Ordinal);

        string[] lines = PageCommands.Of(page);
        PageCommands.AreUnderstood(lines);
        foreach (string verb in (string[])["explain", "decode", "track", "invert"])
        {
            string[] words = PageCommands.Words(lines.Last(l => l.StartsWith($"preimage {verb} ", StringComparison.Ordinal)));
            CommandLine.Run(folder.Path, words).Expect(0);
            Assert.True(File.Exists(folder[words[Array.IndexOf(words, "--out") + 1]]), string.Join(' ', words));
        }
    }

    [Fact]
    public void Gallery_LeavesOutWhatNobodyWants()
    {
        using TemporaryFolder folder = WithModel();
        CommandLine.Run(
            folder.Path, "gallery", "tiny model.onnx", "-a.png", "--method", "guided,saliency", "--no-filters", "--no-backtracking", "--no-inversion", "--no-metrics", "--classes", "1").Expect(0);
        string[] lines = PageCommands.Of(folder["gallery/index.html"]);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, l => Assert.StartsWith("preimage explain", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Gallery_SaysWhatIsWrong()
    {
        using TemporaryFolder folder = WithModel();
        Assert.Contains("no such method", CommandLine.Run(folder.Path, "gallery", "tiny model.onnx", "-a.png", "--method", "x").Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains("at least 1", CommandLine.Run(folder.Path, "gallery", "tiny model.onnx", "-a.png", "--classes", "0").Expect(2).Errors, StringComparison.Ordinal);
        CommandLine.Run(folder.Path, "gallery", "tiny model.onnx", "missing.png").Expect(1);
        Assert.False(Directory.Exists(folder["gallery"]));
    }

    [Fact]
    public void SqueezeNet_WithAPhotoFitsAPage()
    {
        using var folder = new TemporaryFolder();
        CommandLineResult result = CommandLine.Run(
            folder.Path, "gallery", ReferenceData.Path("models/onnx/squeezenet_v1.0_dc.onnx"), ReferenceData.Path("photos/skimage/chelsea.png"), "--preprocess", "imagenet-caffe",
            "--method", "saliency,deconvnet,guided", "--no-metrics", "--iterations", "8", "-o", "p").Expect(0);
        Assert.Contains("Backtracking is left out", result.Output, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(folder["p/index.html"]).Length, 100_000, 15_000_000);
        PageCommands.AreUnderstood(PageCommands.Of(folder["p/index.html"]));
    }

    static TemporaryFolder WithModel()
    {
        var folder = new TemporaryFolder();
        using (Network network = Tiny())
            network.Save(folder["tiny model.onnx"]);
        DrawnPicture.House(24, 24).Save(folder["-a.png"]);
        DrawnPicture.House(40, 30).Save(folder["it's b.png"]);
        File.WriteAllLines(folder["names.txt"], ["first class", "second class", "third class", "fourth class", "fifth class"]);
        return folder;
    }

    /// <summary>Two convolutions, a pooling and two dense layers for pictures of 24 x 24.</summary>
    static Network Tiny()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 24, 24));
        x = builder.Add("relu1", new Relu(), builder.Add("conv1", Filters(0, 8, 3), x));
        x = builder.Add("relu2", new Relu(), builder.Add("conv2", Filters(1, 6, 8), x));
        x = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        x = builder.Add("flat", new Flatten(), x);
        x = builder.Add("relu3", new Relu(), builder.Add("fc1", new Dense { Weight = Weights(2, 16, 864), OutputMajor = true }, x));
        builder.Output(builder.Add("fc2", new Dense { Weight = Weights(3, 5, 16), OutputMajor = true }, x));
        return builder.Build();
    }

    static Convolution Filters(ulong stream, int filters, int channels) =>
        new() { Weight = Weights(stream, filters, channels, 3, 3), Sliding = new Window { Kernel = (3, 3), Pads = (1, 1, 1, 1) } };

    static SeededWeights Weights(ulong stream, params int[] extents) => new(7, stream, Distribution.Gaussian(0.2), extents);
}
