using System.Text.Json;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Experiments.Reproduction;

/// <summary>Every experiment, to its end, on a network of a few channels; those that take data sets, which need networks of their own, have their tests beside them.</summary>
public sealed class AllExperimentsTests : IDisposable
{
    /// <summary>Enough for every path; what the numbers are does not matter here.</summary>
    const int Iterations = 3;

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public static TheoryData<string> Names => [.. PaperExperiments.All.Select(e => e.Name)];

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string> OnPictures => [.. ExperimentList.All.Where(e => e.SamplesOf(null) is null).Select(e => e.Name)];

    [Theory, MemberData(nameof(OnPictures))]
    public void Experiment_RunsToItsRowsAndFigure(string name)
    {
        ReproductionOptions options = Options(name);
        ReproductionResult result = PaperExperiments.Run(name, options);
        Assert.True(result.IsComplete);
        Assert.True(result.Ran > 0);
        Assert.Equal(3, result.Files.Count);
        Picture figure = Picture.Load(Path.Combine(options.Out, $"{name}.png"));
        Assert.True(figure.Width > 60 && figure.Height > 50, $"the figure is {figure}");
        JsonElement[] rows = [.. JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.Out, "results.json"))).RootElement.GetProperty("rows").EnumerateArray()];
        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            Assert.True(row.GetProperty("holds").ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null);
            Assert.True(double.IsFinite(row.GetProperty("ours").GetDouble()), $"{row}");
        });

        // The same bytes from the files alone, and nothing is done twice.
        byte[] page = File.ReadAllBytes(Path.Combine(options.Out, $"{name}.md"));
        Assert.Equal(0, PaperExperiments.Run(name, options with { MergeOnly = true }).Ran);
        Assert.Equal(page, File.ReadAllBytes(Path.Combine(options.Out, $"{name}.md")));
    }

    [Theory, MemberData(nameof(Names))]
    public void Experiment_ListsItsUnitsOnItsOwnNetworks(string name)
    {
        // No data here: networks of the same kinds with random weights, and the drawn picture.
        Experiment experiment = ExperimentList.ByName(name);
        using var laboratory = new Laboratory(new ReproductionOptions { Out = _folder.FullName, Data = _folder.FullName }, experiment);
        ExperimentUnit[] units = [.. experiment.Units(laboratory)];
        Assert.NotEmpty(units);
        Assert.Equal(units.Length, units.Select(u => u.Key).Distinct().Count());
        Assert.All(units, u => Assert.DoesNotContain(u.Key, c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')));
    }

    [Fact]
    public void Unit_IsTheSameBytesAgain()
    {
        ReproductionOptions options = Options("mv-fig1");
        PaperExperiments.Run("mv-fig1", options);
        PaperExperiments.Run("mv-fig1", options with { Out = Path.Combine(_folder.FullName, "b") });
        string[] first = Directory.GetFiles(Path.Combine(options.Out, "units"), "*.png");
        Assert.NotEmpty(first);
        Assert.All(first, f => Assert.Equal(File.ReadAllBytes(f), File.ReadAllBytes(Path.Combine(_folder.FullName, "b", "units", Path.GetFileName(f)))));
    }

    ReproductionOptions Options(string name)
    {
        string model = Path.Combine(_folder.FullName, "tiny.onnx"), pictures = Path.Combine(_folder.FullName, "pictures");
        using (Network network = Tiny())
            network.Save(model);
        Directory.CreateDirectory(pictures);
        DrawnPicture.House(72, 56).Save(Path.Combine(pictures, "house.png"));
        return new ReproductionOptions { Out = Path.Combine(_folder.FullName, name), Model = !ExperimentList.ByName(name).TakesModels ? null : model, Images = pictures, Count = 1, Data = _folder.FullName, Iterations = Iterations };
    }

    /// <summary>Two convolutions, a fork and its joint, pooling and a dense layer: a node of each sort that experiments ask for.</summary>
    static Network Tiny()
    {
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, 18, 20));
        x = builder.Add("relu1", new Relu(), builder.Add("conv1", SmallNetworks.Filters(1, 4, 3), x));
        x = builder.Add("pool1", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        Node left = builder.Add("left", SmallNetworks.Filters(2, 3, 4), x), right = builder.Add("right", SmallNetworks.Filters(3, 3, 4, 1), x);
        x = builder.Add("joint", new Relu(), builder.Add("both", new Concat(1), left, right));
        builder.Output(builder.Add("logits", SmallNetworks.Matrix(4, 6 * 9 * 10, 7), builder.Add("flat", new Flatten(), x)));
        return builder.Build();
    }
}
