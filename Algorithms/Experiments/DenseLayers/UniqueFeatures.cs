using System.Globalization;
using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Figure 11 and table 3: for every wrong emotion a misclassified face A, a similar correct one B, and what the units stand for that only A goes back to.</summary>
/// <param name="recipe">Samples and training.</param>
internal sealed class UniqueFeatures(FaceRecipe recipe) : FaceExperiment(recipe)
{
    const string Key = "pairs";

    public override string Name => "fang-fig11";

    public override string Shows => "Figure 11 and table 3: a misclassified face for every wrong emotion, a similar one that is recognised, the features that only the first has, and all probabilities without them.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        OneUnit(laboratory, Key, (model, watch) => Study(laboratory, model, watch));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        UnitResult found = results[Key];
        DataSet test = FaceModel.Samples(laboratory).Test;
        var rows = new List<ResultRow>();
        var notes = new List<string> { $"samples: {test.Name}", "the paper's display cuts differences to whole numbers: those below 1 do not show", "A is the mistake of each wrong class that the network is surest of; B the correct picture of the angle that is nearest in the feature maps" };
        var sheet = new Mosaic { Title = "What only the misclassified face has", Columns = 4, TileWidth = 192, LabelScale = 1 };
        int put = 0, pairs = found.Series["a"].Length;
        for (int i = 0; i < pairs; i++)
        {
            (int a, int b, int wrong) = ((int)found.Series["a"][i], (int)found.Series["b"][i], (int)found.Series["wrong"][i]);
            (double[] before, double[] after) = (found.Series[$"before {i}"], found.Series[$"after {i}"]);
            int right = test.Label(a);
            put += PairFinding.Best(after) == right ? 1 : 0;
            string name = $"{test.Classes[right]} taken for {test.Classes[wrong]}";
            rows.Add(ResultRow.Measured($"{name}: p({test.Classes[wrong]}) before", before[wrong], ""));
            rows.Add(ResultRow.Measured($"{name}: p({test.Classes[wrong]}) without {found.Series["unique"][i]} units of A alone", after[wrong], ""));
            rows.Add(ResultRow.Measured($"{name}: p({test.Classes[right]}) before", before[right], ""));
            rows.Add(ResultRow.Claim($"{name}: p({test.Classes[right]}) without them", "the highest", after[right], "", PairFinding.Best(after) == right));
            notes.Add($"table 3, {test.Title(a)}, {name}; B {test.Title(b)}, {test.Classes[test.Label(b)]}: " + string.Join(", ", test.Classes.Select((c, k) => $"{c} {Text(before[k])} to {Text(after[k])}")));
            sheet.Add(found.Pictures[$"a{i}"], $"A: {name}").Add(found.Pictures[$"b{i}"], $"B: {test.Classes[test.Label(b)]}").Add(found.Pictures[$"paper{i}"], "as the paper").Add(found.Pictures[$"clean{i}"], "only in A");
        }

        rows.Insert(0, ResultRow.Claim($"of {pairs} examples put right by zeroing what only A has", "8 of 8", put, "", pairs == 0 ? null : put == pairs));
        return new ExperimentReport(rows, pairs > 0 ? sheet.Render() : null, [.. notes, .. results.Notes]);
    }

    static string Text(double p) => p.ToString(p is > 0 and < 0.0005 ? "0.0e0" : "0.###", CultureInfo.InvariantCulture);

    static UnitResult Study(Laboratory laboratory, FaceModel model, UnitWatch watch)
    {
        FaceGroup group = FaceGroup.Of(model, [.. Enumerable.Range(0, model.Test.Count)], watch);
        var found = new UnitResult();
        var pairs = new List<PairFinding>();
        foreach (var taken in group.Mistakes.GroupBy(a => group.Traces[a].Predicted).OrderBy(g => g.Key))
        {
            foreach (int a in taken.OrderByDescending(a => group.Traces[a].Probabilities[taken.Key]))
            {
                if (group.Nearest(a, _ => true) is not { } b)
                    continue;
                pairs.Add(PairFinding.Of(group, a, b, laboratory.Options.Seed, watch.Cancellation));
                break;
            }
        }

        for (int i = 0; i < pairs.Count; i++)
        {
            PairFinding pair = pairs[i];
            (found.Series[$"before {i}"], found.Series[$"after {i}"]) = ([.. group.Traces[pair.A].Probabilities], pair.WithoutUnique);
            TrackedFeatures features = model.Track(pair.A, [pair.Unique], watch.Cancellation)[0];
            (found.Pictures[$"a{i}"], found.Pictures[$"b{i}"]) = (model.PictureOf(pair.A), model.PictureOf(pair.B));
            (found.Pictures[$"paper{i}"], found.Pictures[$"clean{i}"]) = (FeatureLook.Paper.FeatureImage(features), FeatureLook.Clean.FeatureImage(features));
        }

        found.Series["a"] = [.. pairs.Select(p => (double)p.A)];
        found.Series["b"] = [.. pairs.Select(p => (double)p.B)];
        found.Series["wrong"] = [.. pairs.Select(p => (double)group.Traces[p.A].Predicted)];
        found.Series["unique"] = [.. pairs.Select(p => (double)p.Unique.Count)];
        return found;
    }
}
