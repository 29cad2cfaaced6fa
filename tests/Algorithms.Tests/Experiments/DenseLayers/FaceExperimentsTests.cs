using System.Text.Json;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Tests.Experiments.DenseLayers;

/// <summary>The experiments on faces to their ends, on a few tiny pictures and a network that knows nothing: most pictures are mistakes then.</summary>
public sealed class FaceExperimentsTests(FaceFolder faces) : IClassFixture<FaceFolder>, IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public static TheoryData<string> Names => ["fang-fig7", "fang-fig8", "fang-fig9", "fang-fig10", "fang-fig11", "fang-identity", "fang-emotion"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, MemberData(nameof(Names))]
    public void Experiment_RunsToItsRowsAndFigure(string name)
    {
        bool emotions = name is "fang-emotion" or "fang-fig11";
        ReproductionOptions options = Options(name, emotions ? "emotion" : "identity", Model(emotions ? 8 : FaceFolder.Subjects));
        ReproductionResult result = PaperExperiments.Run(name, options);
        Assert.True(result.IsComplete);
        Assert.All(result.Rows, row => Assert.True(double.IsFinite(row.Ours), $"{row}"));
        Assert.NotEmpty(result.Rows);
        Picture figure = Picture.Load(Path.Combine(options.Out, $"{name}.png"));
        Assert.True(figure.Width > 100 && figure.Height > 50, $"the figure is {figure}");
        JsonElement settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(options.Out, "results.json"))).RootElement.GetProperty("settings");
        Assert.Equal(options.Samples, settings.GetProperty("samples").GetString());

        byte[] page = File.ReadAllBytes(Path.Combine(options.Out, $"{name}.md"));
        Assert.Equal(0, PaperExperiments.Run(name, options with { MergeOnly = true }).Ran);
        Assert.Equal(page, File.ReadAllBytes(Path.Combine(options.Out, $"{name}.md")));
        if (name is "fang-identity" or "fang-emotion")
            RequireCounts(result, options);
    }

    [Fact]
    public void Network_IsTrainedOnceWhereNoneIsGiven()
    {
        ReproductionOptions options = Options("trained", "identity", null) with { Iterations = 1 };
        Assert.True(PaperExperiments.Run("fang-fig7", options).IsComplete);
        string model = Path.Combine(options.Out, "models", "faces-identity.onnx");
        byte[] bytes = File.ReadAllBytes(model);
        Assert.True(PaperExperiments.Run("fang-fig9", options).IsComplete);
        Assert.Equal(bytes, File.ReadAllBytes(model));
    }

    [Fact]
    public void Model_OfOtherClassesIsRefused()
    {
        PreimageException error = Assert.Throws<PreimageException>(() => PaperExperiments.Run("fang-fig7", Options("refused", "identity", Model(3))));
        Assert.Contains("3", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The mistakes of the angles are all mistakes, and accuracy says the same.</summary>
    static void RequireCounts(ReproductionResult result, ReproductionOptions options)
    {
        double all = Row("mistakes, of ");
        Assert.True(all > 10, $"{all} mistakes");
        Assert.Equal(all, result.Rows.Where(r => r.Name.StartsWith("mistakes at ", StringComparison.Ordinal)).Sum(r => r.Ours));
        int tested = int.Parse(result.Rows.First(r => r.Name.StartsWith("mistakes, of ", StringComparison.Ordinal)).Name["mistakes, of ".Length..]);
        Assert.Equal(100.0 * (tested - all) / tested, Row("accuracy"), 1e-9);
        double[] predicted = [.. Directory.GetFiles(Path.Combine(options.Out, "units"), "*.json")
            .SelectMany(f => JsonDocument.Parse(File.ReadAllBytes(f)).RootElement.GetProperty("series").GetProperty("predicted").EnumerateArray().Select(v => v.GetDouble()))];
        Assert.Equal(tested, predicted.Length);
        Assert.True(Row("share of the positive units") is >= 0 and <= 100);

        double Row(string start) => result.Rows.First(r => r.Name.StartsWith(start, StringComparison.Ordinal)).Ours;
    }

    /// <summary>Pixels about zero: to a network with random weights grey is all alike.</summary>
    ReproductionOptions Options(string name, string task, string? model) => new()
    {
        Out = Path.Combine(_folder.FullName, name), Model = model, Samples = $"rafd:{faces.Path},task={task},size={FaceFolder.Side}", Data = _folder.FullName,
        Preprocessing = new Preprocessing { Order = ChannelOrder.Bgr, Mean = [100], Std = [50] },
    };

    string Model(int classes)
    {
        string path = Path.Combine(_folder.FullName, $"tiny{classes}.onnx");
        using Network topology = Topology.TinyVgg(5, classes, 3, FaceFolder.Side, FaceFolder.Side);
        TrainingRecipe recipe = TrainingRecipe.TinyVgg with { Initialiser = Initialiser.Keep };
        using Network network = TrainedGraph.Make(topology, recipe, recipe.Preprocessing, [.. Enumerable.Range(0, classes).Select(c => $"{c}")], "", null);
        network.Save(path);
        return path;
    }
}
