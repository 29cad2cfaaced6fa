using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Tests.Experiments.Reproduction;

/// <summary>Units that only count: what a run does with them is what is tested.</summary>
internal sealed class CountingExperiment : Experiment
{
    public const int Number = 5;

    /// <summary>The units that ran.</summary>
    public List<string> Ran { get; } = [];

    /// <summary>Called in every unit.</summary>
    public Action<string> During { get; init; } = _ => { };

    public string Setting { get; init; } = "a";

    public string? Samples { get; init; }

    public override string? SamplesOf(string? data) => Samples;

    public override string Name => "counting";

    public override string Shows => "Nothing.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Enumerable.Range(0, Number).Select(i =>
    {
        string key = ExperimentUnit.KeyOf("unit", $"{i}/x");
        return new ExperimentUnit(key, new Dictionary<string, string> { ["setting"] = Setting }, watch =>
        {
            watch.Progress?.Report(0.5);
            During(key);
            watch.Cancellation.ThrowIfCancellationRequested();
            Ran.Add(key);
            return new UnitResult
            {
                Numbers = { ["square"] = i * i, ["none"] = double.NaN }, Series = { ["line"] = [i, double.PositiveInfinity] },
                Pictures = { ["dot"] = new Picture(1, 1, 1, [(byte)i]) }, Notes = { "a note" },
            };
        });
    });

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        string[] keys = [.. Enumerable.Range(0, Number).Select(i => ExperimentUnit.KeyOf("unit", $"{i}/x"))];
        Assert.Equal(3, results[keys[3]].Pictures["dot"][0, 0, 0]);
        Assert.Equal([3, double.PositiveInfinity], results[keys[3]].Series["line"]);
        Assert.True(double.IsNaN(results.Number(keys[3], "none")));
        return new ExperimentReport(
            [ResultRow.Number("sum", 29, 1, keys.Sum(k => results.Number(k, "square")), "%"), ResultRow.Number("far", 20, 1, 30, ""), ResultRow.Measured("a | b", 1e-9, "")],
            results[keys[0]].Pictures["dot"], [.. results.Notes]);
    }
}
