using Preimage.Algorithms.Backtracking;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>Figure 7: a misclassified picture, its feature maps, and the same maps with the traced units at zero.</summary>
/// <param name="recipe">Samples and training.</param>
internal sealed class SuppressedMaps(FaceRecipe recipe) : FaceExperiment(recipe)
{
    const string Key = "first-mistake";

    public override string Name => "fang-fig7";

    public override string Shows => "Figure 7: a misclassified face, all maps of the last pooling layer, and the same maps with the units that the wrong class goes back to at zero.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        OneUnit(laboratory, Key, Draw);

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        UnitResult found = results[Key];
        var sheet = new Mosaic { Title = "The first misclassified test picture", Columns = 3, TileWidth = 256 };
        sheet.Add(found.Pictures["image"], found.Notes[0]).Add(found.Pictures["maps"], "maps").Add(found.Pictures["without"], $"without {found.Numbers["traced"]} units");
        return new ExperimentReport(
            [
                new ResultRow($"units traced, of {found.Numbers["units"]}", $"{FaceNumbers.Identity.Traced} of {FaceNumbers.Units} on average", found.Numbers["traced"], "", null),
                ResultRow.Measured("units above zero", found.Numbers["positive"], ""),
                ResultRow.Measured("share of the activation in the traced units", found.Numbers["mass"], "%"),
                ResultRow.Measured("probability of the predicted class: before", found.Numbers["before"], ""),
                ResultRow.Measured("probability without the units", found.Numbers["after"], ""),
            ], sheet.Render(), [.. results.Notes]);
    }

    static UnitResult Draw(FaceModel model, UnitWatch watch)
    {
        // The first one: nothing is chosen by its looks. A network that makes no mistake shows its last picture.
        int at = 0;
        BacktrackingResult trace;
        do
            trace = model.Backtracking.Trace(model.Read([at]), null, watch.Cancellation)[0];
        while (trace.Predicted == model.Test.Label(at) && ++at < model.Test.Count);
        at = Math.Min(at, model.Test.Count - 1);
        float[] without = trace.Features.ToArray();
        trace.Traced.Suppress(without);
        double whole = trace.Features.ToArray().Sum(v => (double)Math.Max(v, 0));
        float highest = Math.Max(trace.Features.ToArray().Max(), float.Epsilon);
        return new UnitResult
        {
            Numbers =
            {
                ["traced"] = trace.Traced.Count, ["units"] = trace.Traced.Units, ["positive"] = trace.Positive.Count,
                ["mass"] = whole > 0 ? 100 * trace.Traced.ToIndices().Sum(i => (double)trace.Features[i]) / whole : 0,
                ["before"] = trace.Probabilities[trace.Class], ["after"] = model.Tail.Probabilities(trace.Features, [trace.Traced], watch.Cancellation)[0][trace.Class],
            },
            Pictures =
            {
                ["image"] = model.PictureOf(at), ["maps"] = FeatureLook.Clean.Maps(trace.Features, trace.Traced.Shape, highest),
                ["without"] = FeatureLook.Clean.Maps(without, trace.Traced.Shape, highest),
            },
            Notes = { $"{model.Test.Title(at)}: {model.Test.Classes[model.Test.Label(at)]} taken for {model.Test.Classes[trace.Predicted]}" },
        };
    }
}
