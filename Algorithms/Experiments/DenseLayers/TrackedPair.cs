using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Figures 9 and 10: a correct and a misclassified picture of one face that look elsewhere, the units they have in common, and how active those are.</summary>
/// <param name="recipe">Samples and training.</param>
/// <param name="plots">Whether the activations are shown (figure 10) rather than the pictures (figure 9).</param>
internal sealed class TrackedPair(FaceRecipe recipe, bool plots) : FaceExperiment(recipe)
{
    const string Key = "pair";

    public override string Name => plots ? "fang-fig10" : "fang-fig9";

    public override string Shows => plots
        ? "Figure 10: how active the units are that a misclassified face and the same face with another gaze, which is recognised, have in common."
        : "Figure 9: a misclassified face, the same face with another gaze, which is recognised, and what the units they have in common stand for.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        OneUnit(laboratory, Key, (model, watch) => Study(laboratory, model, watch));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        UnitResult found = results[Key];
        if (found.Numbers["mistakes with a pair"] == 0)
            return new ExperimentReport([ResultRow.Measured("mistakes with a correct picture of other gaze", 0, "")], null, [.. results.Notes]);
        List<ResultRow> rows =
        [
            ResultRow.Measured("mistakes with a correct picture of other gaze", found.Numbers["mistakes with a pair"], ""),
            new ResultRow("units of the correct picture", "623", found.Numbers["b traced"], "", null),
            new ResultRow("units of the misclassified one", "693", found.Numbers["a traced"], "", null),
            new ResultRow("units in common", "547", found.Numbers["common"], "", null),
        ];
        if (plots)
        {
            (double[] a, double[] b) = (found.Series["a"], found.Series["b"]);
            rows.Add(ResultRow.Measured("mean activation at the common units: misclassified", a.DefaultIfEmpty().Average(), ""));
            rows.Add(ResultRow.Measured("mean activation: correct", b.DefaultIfEmpty().Average(), ""));
            double correlation = a.Length > 2 ? Correlation.Pearson([.. a.Select(v => (float)v)], [.. b.Select(v => (float)v)]) : double.NaN;
            // Activations that are all alike have none.
            if (double.IsFinite(correlation))
                rows.Add(ResultRow.Measured("correlation of the activations", correlation, ""));
            if (a.Length == 0)
                return new ExperimentReport(rows, null, [.. results.Notes]);
            double[] places = [.. Enumerable.Range(0, a.Length).Select(i => (double)i)];
            return new ExperimentReport(rows, new LinePlot { Title = "Activation at the common units", XLabel = "common unit", YLabel = "activation" }
                .Add("misclassified", places, a).Add("correct", places, b).Render(), [.. results.Notes]);
        }

        rows.Add(ResultRow.Claim("correct picture, its class: before", "0.99", found.Numbers["b before"], "", null));
        rows.Add(ResultRow.Claim("correct picture, its class: without the common units", "0.8e-5", found.Numbers["b after"], "", found.Numbers["b after"] < 0.1));
        rows.Add(ResultRow.Claim("misclassified, predicted class: before", "0.80", found.Numbers["a before"], "", null));
        rows.Add(ResultRow.Claim("misclassified, predicted class: without the common units", "0.0015", found.Numbers["a after"], "", found.Numbers["a after"] < 0.1));
        rows.Add(ResultRow.Claim("misclassified, right class: before", "0.18", found.Numbers["right before"], "", null));
        rows.Add(ResultRow.Claim("misclassified, right class: without the common units", "0.0006", found.Numbers["right after"], "", null));
        var sheet = new Mosaic { Title = "One face, two gazes: the units in common", Columns = 4, TileWidth = 256 };
        foreach ((string which, string label) in (ReadOnlySpan<(string, string)>)[("b", "correct"), ("a", "misclassified")])
        {
            sheet.Add(found.Pictures[$"{which} image"], label).Add(found.Pictures[$"{which} reconstruction"], "reconstruction")
                .Add(found.Pictures[$"{which} paper"], "feature image, as the paper").Add(found.Pictures[$"{which} clean"], "feature image");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static UnitResult Study(Laboratory laboratory, FaceModel model, UnitWatch watch)
    {
        FaceGroup group = FaceGroup.Of(model, [.. Enumerable.Range(0, model.Test.Count)], watch);
        // Of all mistakes with a pair the one the network is surest of.
        (int A, int? B)[] pairs = [.. group.Mistakes.Select(a => (A: a, B: group.OtherGaze(a))).Where(p => p.B is not null)
            .OrderByDescending(p => group.Traces[p.A].Probabilities[group.Traces[p.A].Class])];
        var found = new UnitResult { Numbers = { ["mistakes with a pair"] = pairs.Length } };
        if (pairs.Length == 0)
            return found;
        PairFinding pair = PairFinding.Of(group, pairs[0].A, pairs[0].B!.Value, laboratory.Options.Seed, watch.Cancellation);
        (BacktrackingResult a, BacktrackingResult b) = (group.Traces[pair.A], group.Traces[pair.B]);
        int right = group.Label(pair.A);
        (found.Numbers["a traced"], found.Numbers["b traced"], found.Numbers["common"]) = (a.Traced.Count, b.Traced.Count, pair.Common.Count);
        (found.Numbers["a before"], found.Numbers["a after"]) = (a.Probabilities[a.Class], pair.WithoutCommon[a.Class]);
        (found.Numbers["right before"], found.Numbers["right after"]) = (a.Probabilities[right], pair.WithoutCommon[right]);
        (found.Numbers["b before"], found.Numbers["b after"]) = (b.Probabilities[b.Class], pair.OtherWithoutCommon[b.Class]);
        int[] common = pair.Common.ToIndices();
        (found.Series["a"], found.Series["b"]) = ([.. common.Select(i => (double)a.Features[i])], [.. common.Select(i => (double)b.Features[i])]);
        Draw(found, model, "a", pair.A, pair.Common, watch);
        Draw(found, model, "b", pair.B, pair.Common, watch);
        found.Notes.Add($"misclassified: {model.Test.Title(pair.A)}, {model.Test.Classes[right]} taken for {model.Test.Classes[a.Class]}; correct: {model.Test.Title(pair.B)}");
        return found;
    }

    static void Draw(UnitResult found, FaceModel model, string name, int index, UnitSet set, UnitWatch watch)
    {
        TrackedFeatures features = model.Track(index, [set], watch.Cancellation)[0];
        found.Pictures[$"{name} image"] = model.PictureOf(index);
        found.Pictures[$"{name} reconstruction"] = FeatureLook.Clean.Reconstruction(features);
        found.Pictures[$"{name} paper"] = FeatureLook.Paper.FeatureImage(features);
        found.Pictures[$"{name} clean"] = FeatureLook.Clean.FeatureImage(features);
    }
}
