using System.Text.Json;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Layers;
using Preimage.Layers.Kinds;
using Preimage.Layers.Topologies;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Tests.Experiments.DenseLayers;

/// <summary>The experiments on faces to their ends, on a few tiny pictures: persons by a network that a look to the left misleads, emotions by one that knows nothing.</summary>
public sealed class FaceExperimentsTests(FaceFolder faces) : IClassFixture<FaceFolder>, IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public static TheoryData<string> Names => ["fang-fig7", "fang-fig8", "fang-fig9", "fang-fig10", "fang-fig11", "fang-identity", "fang-emotion"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory, MemberData(nameof(Names))]
    public void Experiment_RunsToItsRowsAndFigure(string name)
    {
        bool emotions = name is "fang-emotion" or "fang-fig11";
        ReproductionOptions options = Options(name, emotions ? "emotion" : "identity", emotions ? Random(8) : Misled());
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
        // The bar is in common.
        if (name == "fang-fig9")
            Assert.InRange(result.Rows.Single(r => r.Name == "units in common").Ours, 1, 7);
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
        PreimageException error = Assert.Throws<PreimageException>(() => PaperExperiments.Run("fang-fig7", Options("refused", "identity", Random(3))));
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

    /// <summary>Bytes as they are, the red ones last.</summary>
    ReproductionOptions Options(string name, string task, string? model) => new()
    {
        Out = Path.Combine(_folder.FullName, name), Model = model, Samples = $"rafd:{faces.Path},task={task},size={FaceFolder.Side}", Data = _folder.FullName,
        Preprocessing = new Preprocessing { Order = ChannelOrder.Bgr },
    };

    string Random(int classes)
    {
        using Network topology = Topology.TinyVgg(5, classes, 3, FaceFolder.Side, FaceFolder.Side);
        TrainingRecipe recipe = TrainingRecipe.TinyVgg with { Initialiser = Initialiser.Keep };
        using Network network = TrainedGraph.Make(topology, recipe, recipe.Preprocessing, [.. Enumerable.Range(0, classes).Select(c => $"{c}")], "", null);
        return Saved(network);
    }

    /// <summary>Tells persons by a red pixel beside the gaze: logit k is -(r - 20 k)^2 / 400 but for what all have in common; a red block on the left speaks for the first person with 5,
    /// enough for the second and third. Green speaks for all alike, so that the bar of the emotion is in everybody's units.</summary>
    string Misled()
    {
        const int Side = FaceFolder.Side / 2, Green = Side * Side, Red = 2 * Green, Beside = Red + 7 * Side + 7, Left = Red + 6 * Side;
        float[] weights = new float[FaceFolder.Subjects * 3 * Green], biases = new float[FaceFolder.Subjects];
        for (int k = 1; k <= FaceFolder.Subjects; k++)
        {
            Span<float> row = weights.AsSpan((k - 1) * 3 * Green, 3 * Green);
            for (int i = 0; i < Green; i++)
                row[Green + i] = 0.01f * (1 + 0.01f * i);
            row[Beside] = 40f * k / 400;
            biases[k - 1] = -k * k;
        }

        weights[Left] += 5f / 160;
        weights[Beside] -= 5f / 160;
        var builder = new NetworkBuilder();
        Node x = builder.Input("x", new Shape(1, 3, FaceFolder.Side, FaceFolder.Side));
        x = builder.Add("relu", new Relu(), builder.Add("conv", new Convolution
        {
            Weight = new MemoryWeights([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3, 1, 1), Bias = new MemoryWeights(new float[3], 3), Sliding = new Window { Kernel = (1, 1) },
        }, x));
        x = builder.Add("pool", new MaxPool { Sliding = new Window { Kernel = (2, 2), Stride = (2, 2) } }, x);
        builder.Output(builder.Add("fc", new Dense
        {
            Weight = new MemoryWeights(weights, FaceFolder.Subjects, 3 * Green), Bias = new MemoryWeights(biases, FaceFolder.Subjects), OutputMajor = true,
        }, builder.Add("flat", new Flatten(), x)));
        using Network network = builder.Build();
        return Saved(network);
    }

    string Saved(Network network)
    {
        string path = Path.Combine(_folder.FullName, "tiny.onnx");
        network.Save(path);
        return path;
    }
}
