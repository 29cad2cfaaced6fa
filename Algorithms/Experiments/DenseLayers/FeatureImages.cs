using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Figure 8: every misclassified picture beside its feature image.</summary>
/// <param name="recipe">Samples and training.</param>
internal sealed class FeatureImages(FaceRecipe recipe) : FaceExperiment(recipe)
{
    /// <summary>Mistakes in the figure at most; the files of the units have all.</summary>
    const int MostDrawn = 48;

    public override string Name => "fang-fig8";

    public override string Shows => "Figure 8: every misclassified face beside its feature image: what the units that the wrong class goes back to stand for.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        UnitsByAngle(laboratory, (model, indices, watch) => Draw(model, indices, watch));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        DataSet test = FaceModel.Samples(laboratory).Test;
        UnitResult[] units = [.. FaceGroup.ByAngle(test).Select(g => results[KeyOf(g.Name)])];
        var mistakes = units.SelectMany(u => u.Series["mistakes"].Select((index, i) => (Index: (int)index, Predicted: (int)u.Series["predicted"][i], Strip: u.Pictures[Strip((int)index)])))
            .ToArray();
        var sheet = new Mosaic { Title = $"Misclassified pictures, feature images (paper's look | ours): {Math.Min(MostDrawn, mistakes.Length)} of {mistakes.Length}", Columns = 4, LabelScale = 1, TileWidth = 288 };
        // Evenly over all, so that no angle is left out.
        int shown = Math.Min(MostDrawn, mistakes.Length);
        for (int i = 0; i < shown; i++)
        {
            var mistake = mistakes[(int)((long)i * mistakes.Length / shown)];
            sheet.Add(mistake.Strip, $"{test.Title(mistake.Index)}: {test.Classes[test.Label(mistake.Index)]} taken for {test.Classes[mistake.Predicted]}");
        }

        return new ExperimentReport(
            [
                new ResultRow($"misclassified, of {test.Count}", FaceNumbers.Identity.Mistakes, mistakes.Length, "", null),
                ResultRow.Measured("feature images that show something", 100.0 * units.Sum(u => u.Numbers["lit"]) / Math.Max(1, mistakes.Length), "%"),
            ], shown > 0 ? sheet.Render() : null, [$"samples: {test.Name}", "the strips of all mistakes lie in units/", .. results.Notes]);
    }

    static string Strip(int index) => $"mistake{index}";

    static UnitResult Draw(FaceModel model, int[] indices, UnitWatch watch)
    {
        FaceGroup group = FaceGroup.Of(model, indices, watch);
        int[] wrong = [.. group.Mistakes];
        var found = new UnitResult();
        found.Series["mistakes"] = [.. wrong.Select(i => (double)indices[i])];
        found.Series["predicted"] = [.. wrong.Select(i => (double)group.Traces[i].Predicted)];
        int lit = 0;
        foreach (int i in wrong)
        {
            TrackedFeatures features = model.Track(indices[i], [group.Traces[i].Traced], watch.Cancellation)[0];
            lit += features.Image.ContainsAnyExcept(0) ? 1 : 0;
            found.Pictures[Strip(indices[i])] = Side(model.PictureOf(indices[i]), FeatureLook.Paper.FeatureImage(features), FeatureLook.Clean.FeatureImage(features));
        }

        found.Numbers["lit"] = lit;
        return found;
    }

    /// <summary>Pictures of one size side by side.</summary>
    static Picture Side(params ReadOnlySpan<Picture> pictures)
    {
        var canvas = new Canvas(pictures.Length * pictures[0].Width, pictures[0].Height, Colour.White);
        for (int i = 0; i < pictures.Length; i++)
            canvas.Draw(pictures[i], i * pictures[0].Width, 0);
        return canvas.ToPicture();
    }
}
