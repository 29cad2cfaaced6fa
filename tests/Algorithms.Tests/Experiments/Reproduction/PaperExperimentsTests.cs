using System.Text.Json;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Experiments.Reproduction;

/// <summary>Units of work: done once, resumed, shared, merged.</summary>
public sealed class PaperExperimentsTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("preimage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_LeavesRowsPageAndFigure()
    {
        ReproductionResult result = PaperExperiments.Run(new CountingExperiment(), Options());
        Assert.Equal((CountingExperiment.Number, 0, 0, true), (result.Ran, result.Found, result.Missing, result.IsComplete));
        Assert.Equal(["results.json", "counting.md", "counting.png"], result.Files.Select(f => Path.GetFileName(f)));
        Assert.All(result.Files, f => Assert.True(File.Exists(f)));
        JsonElement document = JsonDocument.Parse(File.ReadAllBytes(result.Files[0])).RootElement;
        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        Assert.Equal(("sum", "29 +- 1", 30.0, "%", true), (
            rows[0].GetProperty("name").GetString(), rows[0].GetProperty("paper").GetString(), rows[0].GetProperty("ours").GetDouble(), rows[0].GetProperty("unit").GetString(), rows[0].GetProperty("holds").GetBoolean()));
        Assert.False(rows[1].GetProperty("holds").GetBoolean());
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("holds").ValueKind);
        Assert.Equal("0", document.GetProperty("settings").GetProperty("seed").GetString());
        string page = File.ReadAllText(result.Files[1]);
        Assert.Contains("| sum | 29 +- 1 | 30 | % | yes |", page, StringComparison.Ordinal);
        Assert.Contains("| a \\| b |  | 1e-09 |  |  |", page, StringComparison.Ordinal);
        Assert.Contains("![counting](counting.png)", page, StringComparison.Ordinal);
        Assert.Contains("- a note", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_GoesOnWhereItWasStopped()
    {
        using var stop = new CancellationTokenSource();
        var first = new CountingExperiment { During = key => { if (key == "unit_2-x") stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => PaperExperiments.Run(first, Options(), null, stop.Token));
        Assert.Equal(["unit_0-x", "unit_1-x"], first.Ran);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "results.json")));

        var second = new CountingExperiment();
        ReproductionResult result = PaperExperiments.Run(second, Options());
        Assert.Equal(["unit_2-x", "unit_3-x", "unit_4-x"], second.Ran);
        Assert.Equal((3, 2), (result.Ran, result.Found));
    }

    [Fact]
    public void Unit_OfOtherSettingsOrDamagedIsDoneAgain()
    {
        PaperExperiments.Run(new CountingExperiment(), Options());
        var other = new CountingExperiment { Setting = "b" };
        Assert.Equal(CountingExperiment.Number, PaperExperiments.Run(other, Options()).Ran);
        Assert.Equal(CountingExperiment.Number, PaperExperiments.Run(other, Options() with { Seed = 1 }).Ran);
        Assert.Equal(CountingExperiment.Number, PaperExperiments.Run(other, Options() with { Seed = 1, Iterations = 3 }).Ran);
        Assert.Equal(0, PaperExperiments.Run(other, Options() with { Seed = 1, Iterations = 3 }).Ran);

        string units = Path.Combine(_folder.FullName, "units");
        File.WriteAllText(Path.Combine(units, "unit_1-x.json"), "{ cut off");
        File.Delete(Path.Combine(units, "unit_3-x_dot.png"));
        Assert.Equal(2, PaperExperiments.Run(other, Options() with { Seed = 1, Iterations = 3 }).Ran);
    }

    [Fact]
    public void Samples_AreASettingOfExperimentsThatTakeThem()
    {
        PreimageException refused = Assert.Throws<PreimageException>(() => PaperExperiments.Run(new CountingExperiment(), Options() with { Samples = "faces" }));
        Assert.Contains("counting is about pictures", refused.Message, StringComparison.Ordinal);
        var taking = new CountingExperiment { Samples = "digits" };
        Assert.Equal(CountingExperiment.Number, PaperExperiments.Run(taking, Options()).Ran);
        Assert.Equal(0, PaperExperiments.Run(taking, Options() with { Samples = "digits" }).Ran);
        Assert.Equal(CountingExperiment.Number, PaperExperiments.Run(taking, Options() with { Samples = "faces" }).Ran);
        JsonElement settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder.FullName, "results.json"))).RootElement.GetProperty("settings");
        Assert.Equal("faces", settings.GetProperty("samples").GetString());
        Assert.False(settings.TryGetProperty("pictures", out _));
    }

    [Fact]
    public void Shards_ShareTheWorkAndAnybodyMerges()
    {
        var first = new CountingExperiment();
        ReproductionResult part = PaperExperiments.Run(first, Options() with { Shard = new Shard(2, 3) });
        Assert.Equal(["unit_1-x", "unit_4-x"], first.Ran);
        Assert.Equal((3, false, 0), (part.Missing, part.IsComplete, part.Files.Count));
        PreimageException missing = Assert.Throws<PreimageException>(() => PaperExperiments.Run(new CountingExperiment(), Options() with { MergeOnly = true }));
        Assert.Contains("3 of 5", missing.Message, StringComparison.Ordinal);
        Assert.Contains("unit_0-x", missing.Message, StringComparison.Ordinal);

        PaperExperiments.Run(new CountingExperiment(), Options() with { Shard = new Shard(1, 3) });
        Assert.True(PaperExperiments.Run(new CountingExperiment(), Options() with { Shard = new Shard(3, 3) }).IsComplete);
        var merging = new CountingExperiment();
        ReproductionResult merged = PaperExperiments.Run(merging, Options() with { MergeOnly = true });
        Assert.Empty(merging.Ran);
        Assert.Equal(3, merged.Files.Count);
    }

    [Fact]
    public void Progress_IsToldAtEveryStep()
    {
        var told = new List<ReproductionProgress>();
        PaperExperiments.Run(new CountingExperiment(), Options(), new Listener(told));
        Assert.Equal(2 * CountingExperiment.Number, told.Count);
        Assert.Equal(new ReproductionProgress("unit_0-x", 0, CountingExperiment.Number, 0.5), told[0]);
        Assert.Equal(new ReproductionProgress("unit_4-x", CountingExperiment.Number, CountingExperiment.Number, 0), told[^1]);
    }

    [Theory]
    [InlineData("3/16", 3, 16)]
    [InlineData("1/1", 1, 1)]
    public void Shard_IsRead(string text, int index, int count)
    {
        Assert.Equal(new Shard(index, count), Shard.Parse(text));
        Assert.Equal(text, Shard.Parse(text).ToString());
    }

    [Theory]
    [InlineData("0/16")]
    [InlineData("17/16")]
    [InlineData("3")]
    [InlineData("-1/2")]
    [InlineData("a/b")]
    public void Shard_IsRefused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));

    [Fact]
    public void Shards_HoldEveryUnitOnce() => Assert.All(
        Enumerable.Range(0, 100), unit => Assert.Equal(1, Enumerable.Range(1, 16).Count(i => new Shard(i, 16).Holds(unit))));

    [Fact]
    public void Errors_SayWhatIsWrong()
    {
        Assert.Contains("mv-table5", Assert.Throws<PreimageException>(() => PaperExperiments.Run("nothing", Options())).Message, StringComparison.Ordinal);
        Assert.Contains("0 iterations", Assert.Throws<PreimageException>(() => PaperExperiments.Run("mv-fig1", Options() with { Iterations = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("descriptors", Assert.Throws<PreimageException>(() => PaperExperiments.Run("mv-table4", Options() with { Model = "a.onnx" })).Message, StringComparison.Ordinal);
        Assert.Contains("no data folder", Assert.Throws<PreimageException>(() => PaperExperiments.Run("mv-fig1", Options() with { Data = "not-there" })).Message, StringComparison.Ordinal);
    }

    ReproductionOptions Options() => new() { Out = _folder.FullName, Data = _folder.FullName };

    sealed class Listener(List<ReproductionProgress> told) : IProgress<ReproductionProgress>
    {
        public void Report(ReproductionProgress value) => told.Add(value);
    }
}
