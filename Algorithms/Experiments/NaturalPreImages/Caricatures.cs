using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figures 14 and 15: photos with what a layer sees in them exaggerated.</summary>
/// <param name="figure">The figure's number.</param>
/// <param name="ours">The networks that stand in for the paper's.</param>
/// <param name="names">The paper's layers, with their depth for networks that have none of them; empty for all layers.</param>
internal sealed class Caricatures(int figure, string[] ours, (string Name, double Part)[] names) : Experiment
{
    public override string Name => $"mv-fig{figure}";

    public override string Shows => $"Figure {figure}: caricatures of a photo, {(names.Length == 0 ? "from every layer" : "from late layers")} (here {string.Join(" and ", ours)}).";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(t =>
    {
        PreImageOptions options = Protocol.Seeded(PreImageOptions.PaperCaricature(), laboratory.Options);
        return new ExperimentUnit(Key(t.Subject, t.Photo, t.Node), Protocol.Settings(t.Subject, t.Photo, t.Node, options), watch =>
        {
            PreparedInput input = t.Subject.Prepare(t.Photo);
            PreImageResult result = Protocol.Whole(new Caricature(t.Subject.Engine).Draw(input, t.Node, options, Protocol.Progress(watch), watch.Cancellation), watch);
            UnitResult kept = Protocol.Keep(result);
            float[] before = Protocol.Features(t.Subject.Engine, t.Node, input.Tensor), after = Protocol.Features(t.Subject.Engine, t.Node, result.Inputs);
            kept.Numbers["gain"] = Gain(before, after);
            kept.Pictures["photo"] = input.Shown;
            return kept;
        });
    });

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Caricatures" };
        foreach (var group in Trials(laboratory).GroupBy(t => (t.Subject, t.Photo)))
        {
            string[] keys = [.. group.Select(t => Key(t.Subject, t.Photo, t.Node))];
            sheet.Add(results[keys[0]].Pictures["photo"], $"{group.Key.Photo.Name}, {group.Key.Subject.Name}");
            double exaggerated = 100 * Statistics.Mean([.. keys.Select(key => results.Number(key, "gain") > 1 ? 1.0 : 0)]);
            rows.Add(ResultRow.Claim(
                $"{group.Key.Subject.Name}, {group.Key.Photo.Name}: layers of which more than the photo's representation is in the caricature", "all", exaggerated, "%", exaggerated == 100));
            foreach ((string key, string node) in keys.Zip(group.Select(t => t.Node)))
            {
                double gain = results.Number(key, "gain");
                rows.Add(ResultRow.Measured($"{group.Key.Subject.Name} {node}, {group.Key.Photo.Name}: how many times the photo's representation", gain, ""));
                sheet.Add(results[key].Pictures["image"], $"{node}, x {gain:F1}");
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    /// <summary>What of max(F0, 0) is in F: the inner product over |max(F0, 0)|^2, 1 of the photo itself.</summary>
    static double Gain(float[] before, float[] after)
    {
        double both = 0, square = 0;
        for (int i = 0; i < before.Length; i++)
        {
            double positive = Math.Max(before[i], 0);
            both += positive * after[i];
            square += positive * positive;
        }

        return both / square;
    }

    static string Key(Subject subject, Photo photo, string node) => ExperimentUnit.KeyOf(subject.Name, photo.Name, node);

    IEnumerable<(Subject Subject, Photo Photo, string Node)> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(ours)
        from photo in laboratory.Photos
        from node in laboratory.NodesOf(subject, names.Length == 0 ? subject.Trunk : names.Select(n => Depth.Named(subject, n.Name, n.Part)).Distinct().OrderBy(n => n.Index))
        select (subject, photo, node.Name);
}
