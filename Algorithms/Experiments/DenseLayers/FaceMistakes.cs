using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>The identity or the emotion task: all mistakes, the units that all test pictures go back to, and what becomes of predictions without them.</summary>
/// <param name="name">The experiment's name.</param>
/// <param name="shows">What it shows.</param>
/// <param name="recipe">Samples and training.</param>
/// <param name="paper">What the paper reports.</param>
/// <param name="byGaze">Whether a mistake is paired with the same face of other gaze, rather than with the nearest correct picture.</param>
internal sealed class FaceMistakes(string name, string shows, FaceRecipe recipe, FaceNumbers paper, bool byGaze) : FaceExperiment(recipe)
{
    /// <summary>A drop of a probability to below this counts as its fall (corrections, 9).</summary>
    const double Fallen = 0.1;

    public override string Name => name;

    public override string Shows => shows;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        UnitsByAngle(laboratory, (model, indices, watch) => Study(laboratory, model, indices, watch));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        DataSet test = FaceModel.Samples(laboratory).Test;
        (string Name, int[] Indices)[] groups = [.. FaceGroup.ByAngle(test)];
        UnitResult[] units = [.. groups.Select(g => results[KeyOf(g.Name)])];
        var table = new MistakeTable(test, [.. groups.Select(g => g.Indices)], units);
        List<ResultRow> rows = [.. table.Rows(paper, [.. groups.Select(g => g.Name)], Fallen), .. PairTable.Rows(units, byGaze, Fallen)];
        var figure = new Mosaic { Title = $"{test.Name}: probability of the prediction, before and after", Columns = 1 }.Add(table.Plot()).Render();
        return new ExperimentReport(rows, figure, [$"samples: {test.Name}", .. table.Notes, .. results.Notes]);
    }

    UnitResult Study(Laboratory laboratory, FaceModel model, int[] indices, UnitWatch watch)
    {
        FaceGroup group = FaceGroup.Of(model, indices, watch);
        var found = new UnitResult();
        found.Series["predicted"] = [.. group.Traces.Select(t => (double)t.Predicted)];
        found.Series["before"] = [.. group.Traces.Select(t => t.Probabilities[t.Class])];
        found.Series["traced"] = [.. group.Traces.Select(t => (double)t.Traced.Count)];
        found.Series["positive"] = [.. group.Traces.Select(t => (double)t.Positive.Count)];
        found.Numbers["units"] = group.Traces[0].Traced.Units;
        var literal = new List<double>();
        (double[] after, double[] random) = (new double[indices.Length], new double[indices.Length]);
        for (int i = 0; i < indices.Length; i++)
        {
            BacktrackingResult trace = group.Traces[i];
            UnitSet drawn = trace.Positive.Draw(trace.Traced.Count, laboratory.Options.Seed + (ulong)indices[i]);
            IReadOnlyList<double[]> without = model.Tail.Probabilities(trace.Features, [trace.Traced, drawn], watch.Cancellation);
            (after[i], random[i]) = (without[0][trace.Class], without[1][trace.Class]);
        }

        foreach (int[] part in indices.Chunk(16))
            literal.AddRange(model.Backtracking.Trace(model.Read(part), BacktrackingOptions.LiteralRule, watch.Cancellation).Select(t => (double)t.Traced.Count));
        (found.Series["after"], found.Series["random"], found.Series["literal"]) = (after, random, [.. literal]);
        PairTable.Fill(found, group, byGaze, laboratory.Options.Seed, watch.Cancellation);
        return found;
    }
}
