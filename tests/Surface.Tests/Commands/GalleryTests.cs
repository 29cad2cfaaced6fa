using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Topologies;
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
        using (Network network = Topology.TinyVgg(7, classes: 5, height: 24, width: 24))
            network.Save(folder["tiny model.onnx"]);
        DrawnPicture.House(24, 24).Save(folder["-a.png"]);
        DrawnPicture.House(40, 30).Save(folder["it's b.png"]);
        File.WriteAllLines(folder["names.txt"], ["first class", "second class", "third class", "fourth class", "fifth class"]);
        return folder;
    }
}
