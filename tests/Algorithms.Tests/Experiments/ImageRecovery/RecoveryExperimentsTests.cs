using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Experiments.ImageRecovery;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Experiments.ImageRecovery;

/// <summary>The experiments of Nie, Zhang and Patel to their end on a network of a few channels, and the rules they judge by.</summary>
public sealed class RecoveryExperimentsTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("nie-fig2", 1, true)]
    [InlineData("nie-fig3", 2, true)]
    [InlineData("nie-fig7", 2, true)]
    [InlineData("nie-fig8", 1, true)]
    [InlineData("nie-fig9", 1, false)]
    [InlineData("nie-edges", 2, true)]
    public void Experiment_OnAModelRunsToItsRowsAndFigure(string name, int units, bool judged)
    {
        string model = Path.Combine(_folder.FullName, "tiny.onnx");
        using (Network network = Tiny())
            network.Save(model);
        ReproductionOptions options = Options(name) with { Model = model, Preprocessing = Preprocessing.Unit };
        ReproductionResult result = PaperExperiments.Run(name, options);
        Assert.Equal(units, result.Ran);
        Assert.NotEmpty(result.Rows);
        // Figure 9 says nothing of a network that has not the four layers it is about.
        Assert.Equal(judged, result.Rows.Any(r => r.Holds is not null));
        Assert.Equal(3, result.Files.Count);
        Picture figure = Picture.Load(Path.Combine(options.Out, $"{name}.png"));
        Assert.True(figure.Width > 60 && figure.Height > 50, $"the figure is {figure}");
        byte[] page = File.ReadAllBytes(Path.Combine(options.Out, $"{name}.md"));
        Assert.Equal(0, PaperExperiments.Run(name, options with { MergeOnly = true }).Ran);
        Assert.Equal(page, File.ReadAllBytes(Path.Combine(options.Out, $"{name}.md")));
    }

    [Fact]
    public void Experiment_WithoutDataTrainsANetworkOnce()
    {
        ReproductionOptions options = Options("nie-fig2") with { Images = null };
        ReproductionResult result = PaperExperiments.Run("nie-fig2", options);
        Assert.Equal(2, result.Ran);
        Assert.Contains(result.Notes, n => n.Contains("random weights stands in", StringComparison.Ordinal));
        Assert.Contains(result.Notes, n => n.Contains("a drawn picture stands in", StringComparison.Ordinal));
        // Of a network that learnt nothing the paper says nothing.
        Assert.All(result.Rows.Where(r => r.Name.StartsWith("squeezenet", StringComparison.Ordinal)), r => Assert.Null(r.Holds));
        string model = Path.Combine(options.Out, "models", "vgg-small.onnx");
        DateTime written = File.GetLastWriteTimeUtc(model);
        File.Delete(Path.Combine(options.Out, "units", "nie-fig2_vgg-small_0000.json"));
        Assert.Equal(1, PaperExperiments.Run("nie-fig2", options).Ran);
        Assert.Equal(written, File.GetLastWriteTimeUtc(model));
    }

    [Theory]
    [InlineData(1000, 7, 482, 560)]
    [InlineData(1000, 482, 483, 560)]
    [InlineData(1000, 560, 482, 561)]
    [InlineData(10, 3, 4, 6)]
    [InlineData(4, 2, 1, 3)]
    [InlineData(3, 1, 2, 0)]
    public void Others_AreThePapersLogitsOrFixedOnes(int classes, int strongest, int a, int b) => Assert.Equal((a, b), LogitMaps.Others(classes, strongest));

    [Fact]
    public void Others_AreRefusedWhereThereAreTwoLogits() => Assert.Throws<PreimageException>(() => LogitMaps.Others(2, 0));

    [Fact]
    public void Stages_AreThePapersLayers()
    {
        using Network small = SmallVgg.Build(new Shape(1, 3, 32, 32), 10, 0);
        Assert.Equal([(0, "conv1_1"), (4, "conv3_1"), (10, "conv5_1"), (15, "fc3")], PartlyTrained.Stages(small));
        using Network squeeze = Topology.SqueezeNet();
        Assert.Equal([0, 1, 22, 25], PartlyTrained.Stages(squeeze).Select(s => s.Layer));
        using Network tiny = Tiny();
        Assert.Equal([0, 2, 3], PartlyTrained.Stages(tiny).Select(s => s.Layer));
    }

    [Fact]
    public void Claim_OfTooFewMapsWithASignalIsNotTestable()
    {
        double[] values = [.. Enumerable.Repeat(0.75, 9), double.NaN];
        ResultRow row = RecoveryRules.Claim("cosine", "same", values, "", m => m >= 0.7);
        Assert.Equal((0.75, true), (row.Ours, row.Holds));
        Assert.Contains("9 of 10 values", row.Name, StringComparison.Ordinal);
        row = RecoveryRules.Claim("cosine", "same", [double.NaN, .. values], "", m => m >= 0.7);
        Assert.Equal((0.75, (bool?)null), (row.Ours, row.Holds));
        Assert.EndsWith("not testable", row.Name, StringComparison.Ordinal);
        Assert.Null(RecoveryRules.Claim("cosine", "same", [0.75], "", null).Holds);
    }

    [Fact]
    public void Many_CutsPhotosInDifferentCropsAndGoesOnWithTestPictures()
    {
        using var laboratory = new Laboratory(Options("nie-fig7"), ExperimentList.ByName("nie-fig7"));
        IReadOnlyList<RecoveryPicture> pictures = RecoveryPicture.Many(laboratory, 12);
        // Two photos of 25 crops each would do; the folder has four test pictures.
        Assert.Equal(6 + 4, pictures.Count);
        Assert.Equal(pictures.Count, pictures.Select(p => p.Identity).Distinct().Count());
        Assert.Equal((18, 18), (pictures[0].Read().Width, pictures[0].Read().Height));
        Assert.Equal(32, pictures[^1].Read().Width);
    }

    ReproductionOptions Options(string name)
    {
        string pictures = Path.Combine(_folder.FullName, "pictures"), samples = Path.Combine(_folder.FullName, "samples");
        Directory.CreateDirectory(pictures);
        DrawnPicture.House(72, 56).Save(Path.Combine(pictures, "a.png"));
        DrawnPicture.House(56, 72).Save(Path.Combine(pictures, "b.png"));
        foreach (string half in new[] { "train", "test" })
        {
            for (int i = 0; i < 4; i++)
            {
                string path = Path.Combine(samples, half, $"{i}");
                Directory.CreateDirectory(path);
                DrawnPicture.House(80, 80).Crop(i % 2 * 20 + i, 10, 32, 32).Save(Path.Combine(path, $"{i}.png"));
            }
        }

        return new ReproductionOptions
        {
            Out = Path.Combine(_folder.FullName, name), Images = pictures, Count = 2, Data = _folder.FullName, Samples = $"folder:{samples},size=32", Iterations = 1,
        };
    }

    /// <summary>Three convolutions at full and at half resolution, and a dense layer.</summary>
    static Network Tiny()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 18, 20));
        x = builder.Add("relu1", new Relu(), builder.Add("conv1", SmallNetworks.Filters(1, 6, 3), x));
        x = builder.Add("relu2", new Relu(), builder.Add("conv2", SmallNetworks.Filters(2, 6, 6), x));
        x = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (4, 4), Stride = (4, 4) } }, x);
        x = builder.Add("relu3", new Relu(), builder.Add("conv3", SmallNetworks.Filters(3, 6, 6), x));
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(4, 6 * 4 * 5, 7), builder.Add("flat", new Flatten(), x)));
        return builder.Build();
    }
}
