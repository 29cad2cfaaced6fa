using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figures 5, 6 and 7: a photo inverted from every layer, with less C the deeper the layer.</summary>
/// <param name="figure">The figure's number.</param>
/// <param name="theirs">The paper's network.</param>
/// <param name="ours">The network that stands in for it.</param>
internal sealed class LayerStrip(int figure, string theirs, string ours) : Experiment
{
    public override string Name => $"mv-fig{figure}";

    public override string Shows => $"Figure {figure}: a photo inverted from each layer that all signals pass, C from 300 to 1 with depth (the paper's {theirs}; here {ours}).";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(trial => trial.Unit((result, input, kept) =>
    {
        float[] photo = Rows.Flatten(input.Tensor), found = Rows.Flatten(result.Inputs);
        kept.Numbers["pixels"] = ImageMeasures.PixelDistance(found, photo, (int)input.Tensor.Lengths[1]);
        kept.Pictures["photo"] = input.Shown;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = $"Inversion layer by layer, {string.Join(", ", laboratory.Subjects(ours).Select(s => s.Name))}" };
        foreach (IGrouping<(string Subject, string Photo), InversionTrial> strip in Trials(laboratory).GroupBy(t => (t.Subject.Name, t.Photo.Name)))
        {
            InversionTrial[] trials = [.. strip];
            double[] pixels = [.. trials.Select(t => results.Number(t.Key, "pixels"))];
            sheet.Add(results[trials[0].Key].Pictures["photo"], strip.Key.Photo);
            foreach (InversionTrial trial in trials)
                sheet.Add(results[trial.Key].Pictures["image"], $"{trial.Node}, {trial.Variant}");
            if (trials.Length >= 3)
            {
                int third = trials.Length / 3;
                double ratio = Statistics.Mean(pixels[^third..]) / Statistics.Mean(pixels[..third]);
                rows.Add(ResultRow.Claim($"{strip.Key.Subject}, {strip.Key.Photo}: pixel distance to the photo, last third of the layers to the first", "above 1", ratio, "", ratio > 1));
            }

            for (int i = 0; i < trials.Length; i++)
            {
                string name = $"{strip.Key.Subject} {trials[i].Node}, {strip.Key.Photo}, {trials[i].Variant}";
                rows.Add(ResultRow.Measured($"{name}: error", results.Number(trials[i].Key, "error"), "%"));
                rows.Add(ResultRow.Measured($"{name}: pixel distance to the photo", pixels[i], ""));
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    IEnumerable<InversionTrial> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(ours)
        from photo in laboratory.Photos
        from node in laboratory.NodesOf(subject, subject.Trunk)
        select InversionTrial.Of(laboratory, subject, photo, node.Name, Depth.C(subject, node));
}
