using Preimage.Algorithms.Experiments.DenseLayers;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Tests.Experiments.DenseLayers;

/// <summary>The experiment to its end on a few digits, and its rules on numbers made up.</summary>
public sealed class FangTrainingTests : IDisposable
{
    static readonly FangDepth s_tiny = new("Tiny VGG", (classes, s) => Topology.TinyVgg(0, classes, s.C, s.H, s.W));

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    ReproductionOptions Options => new() { Out = _folder.FullName, Data = _folder.FullName, Samples = "digits,train=60,test=20", Iterations = 2 };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Experiment_RunsToItsRowsAndFigure()
    {
        var experiment = new FangTraining([s_tiny, s_tiny with { Name = "LeNet", Make = (classes, s) => Topology.LeNet(0, classes, s.C, s.H, s.W) }]);
        ReproductionResult result = PaperExperiments.Run(experiment, Options);
        Assert.True(result.IsComplete);
        Assert.Equal(5, result.Ran);
        Assert.All(result.Rows, r => Assert.True(double.IsFinite(r.Ours), $"{r}"));
        Assert.Equal(3 * 2 + 2 + 2 * 3 + 1, result.Rows.Count);
        Assert.Equal(3, result.Rows.Count(r => r.Holds is not null));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "fang-training.png")));
    }

    [Theory]
    [InlineData(0.10, 0.095, true)]
    [InlineData(0.10, 0.05, false)]
    [InlineData(0.10, 0.30, true)]
    public void AnOptimiser_BringsSomethingFromOnePointOn(double sgd, double other, bool holds) =>
        Assert.Equal(holds, Rows(sgd, other, 1).Single(r => r.Name.StartsWith("Adam: test error below", StringComparison.Ordinal)).Holds);

    [Theory]
    [InlineData(0.05, true)]
    [InlineData(0.2, false)]
    public void Gradients_VanishBelowATenth(double ratio, bool holds) =>
        Assert.Equal(holds, Rows(0.1, 0.1, ratio).Single(r => r.Name.StartsWith("deep: that median", StringComparison.Ordinal)).Holds);

    IReadOnlyList<ResultRow> Rows(double sgd, double other, double ratio)
    {
        var experiment = new FangTraining([s_tiny, s_tiny with { Name = "deep" }]);
        using var laboratory = new Laboratory(Options, experiment);
        var results = new Dictionary<string, UnitResult>();
        foreach (FangTrainingTrial trial in FangTrainingTrial.All)
            results[trial.Key] = new UnitResult { Series = new() { ["test error"] = [0.9, trial.Name == "SGD" ? sgd : other, 0.5], ["train error"] = [0.9, 0.5, 0.25] } };
        results["gradients_Tiny-VGG"] = new UnitResult { Series = new() { ["gradient"] = [1, 2, 3], ["gradient over weights"] = [4, 2, 3] } };
        results["gradients_deep"] = new UnitResult { Series = new() { ["gradient"] = [1, 2, 3, 4], ["gradient over weights"] = [2 * ratio, 100, 4 * ratio, 0] } };
        return experiment.Report(laboratory, new UnitResults(results)).Rows;
    }
}
