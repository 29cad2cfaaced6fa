using Preimage.Algorithms.Experiments.FilterDecoding;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.FilterDecoding;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Tests.Experiments.FilterDecoding;

/// <summary>The experiments of Rafegas and Vanrell to their end, on an untrained LeNet and a few drawn digits; on the network made by hand in earnest.</summary>
public sealed class FilterDecodingExperimentsTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("rv-table1", 12, 21)]
    [InlineData("rv-fig1", 4, 13)]
    [InlineData("rv-fig3", 1, 6)]
    [InlineData("rv-fig4", 1, 2)]
    public void Experiment_OnAModelRunsToItsRowsAndFigure(string name, int units, int rows)
    {
        string model = Path.Combine(_folder.FullName, "lenet.onnx");
        using (Network network = FixedLeNet())
            network.Save(model);
        ReproductionOptions options = Options(name) with { Model = model, Preprocessing = Preprocessing.Mnist };
        ReproductionResult result = PaperExperiments.Run(name, options);
        Assert.Equal((units, rows), (result.Ran, result.Rows.Count));
        Assert.All(result.Rows, r => Assert.True(double.IsFinite(r.Ours), $"{r}"));
        Picture figure = Picture.Load(Path.Combine(options.Out, $"{name}.png"));
        Assert.True(figure.Width > 60 && figure.Height > 50, $"the figure is {figure}");
        Assert.Equal(0, PaperExperiments.Run(name, options with { MergeOnly = true }).Ran);
    }

    [Fact]
    public void Experiment_WithoutAModelTrainsOnceForAllUnits()
    {
        ReproductionOptions options = Options("rv-fig1");
        ReproductionResult result = PaperExperiments.Run("rv-fig1", options);
        Assert.Equal(4, result.Ran);
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(options.Out, "models", "lenet.onnx"));
        Assert.Equal(1, PaperExperiments.Run("rv-fig3", options).Ran);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(options.Out, "models", "lenet.onnx")));
        // More images are other settings.
        Assert.Equal(1, PaperExperiments.Run("rv-fig3", options with { Count = 21 }).Ran);
    }

    [Fact]
    public void Experiment_RefusesSamplesOfAnotherSize()
    {
        string model = Path.Combine(_folder.FullName, "colour.onnx");
        var builder = new NetworkBuilder();
        builder.Output(builder.Add("conv", Preimage.Tests.Shared.SmallNetworks.Filters(1, 4, 3), builder.Input("x", new Shape(1, 3, 8, 8))));
        using (Network network = builder.Build())
            network.Save(model);
        Exception error = Assert.Throws<PreimageException>(() => PaperExperiments.Run("rv-fig1", Options("rv-fig1") with { Model = model }));
        Assert.Contains("1x1x28x28, the network takes 1x3x8x8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HandMade_HoldsAtEveryLevel()
    {
        using Network network = HandMadeNetwork.Build();
        using Engine engine = network.On(Device.Cpu);
        DecodedFilters[] layers = [.. HandMadeNetwork.Layers.Select(l => new FilterDecoder(engine).Decode(l))];
        Assert.Equal([(1, 5, 5), (1, 9, 9), (1, 14, 14)], layers.Select(l => l.Size));
        Assert.Equal([4, 14, 8], layers.Select(l => l.Units.Count));
        Dictionary<string, double> counts = HandMadeChecks.Count(engine, layers);
        Assert.Equal([28, 14, 64, 32, 8], HandMadeChecks.Names.Select(n => counts[$"{n} of"]));
        Assert.All(HandMadeChecks.Names, n => Assert.Equal(counts[$"{n} of"], counts[n]));
        Assert.True(counts["lead"] > 0.05, $"a glyph's own unit leads by {counts["lead"]}");
    }

    [Fact]
    public void HandMade_IsWhatThePaperSaysOfIt()
    {
        // 'C' uses shapes 1, 4, 9 and 11; shape 1 is of bars 3 and 4 and stands bottom left in 'C' and 'D'.
        Assert.Equal([1, 4, 9, 11], HandMadeNetwork.Glyphs[0].Corners.Order());
        Assert.Equal([2, 3], HandMadeNetwork.Shapes[0].Parts.Select(p => p.Bar).Order());
        Assert.Equal((1, 1), (HandMadeNetwork.Glyphs[0].Corners[2], HandMadeNetwork.Glyphs[1].Corners[2]));
        Assert.Equal(["C", "D"], HandMadeNetwork.Glyphs.Take(2).Select(g => g.Name));
    }

    /// <summary>LeNet with the rows and columns of its input given, as those of a trained model are.</summary>
    static Network FixedLeNet()
    {
        using Network free = Topology.LeNet(3);
        var builder = new NetworkBuilder();
        var made = new List<Node>();
        foreach (Node node in free.Nodes)
            made.Add(node.Layer is Layers.Kinds.Input input ? builder.Input(node.Name, input.Shape) : builder.Add(node.Name, node.Layer, [.. node.Inputs.Select(i => made[i.Index])]));
        builder.Output(made[^1]);
        return builder.Build();
    }

    ReproductionOptions Options(string name) => new()
    {
        Out = Path.Combine(_folder.FullName, name), Data = _folder.FullName, Samples = "digits,train=120,test=25", Count = 20, Iterations = 1,
    };
}
