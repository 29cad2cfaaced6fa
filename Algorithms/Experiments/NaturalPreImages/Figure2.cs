using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 2: what C and beta do.</summary>
internal sealed class Figure2 : Experiment
{
    /// <summary>Where relu3 lies in AlexNet: the tenth of 20 layers.</summary>
    const double Middle = 0.5;
    const double BetasC = 20;

    static readonly double[] s_cs = [1, 20, 100, 300], s_betas = [1, 1.5, 2];

    public override string Name => "mv-fig2";

    public override string Shows => "Figure 2: inverting a layer in the middle with C = 1, 20, 100 and 300, and with beta = 1, 1.5 and 2 at C = 20.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Sweeps(laboratory).SelectMany(s => s.Cs.Concat(s.Betas)).Select(trial => trial.Unit((result, input, kept) =>
    {
        kept.Numbers["roughness"] = ImageMeasures.Roughness(result.Row(0), (int)result.Images.Lengths[1], trial.Subject.Size.Height, trial.Subject.Size.Width);
        kept.Pictures["photo"] = input.Shown;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "C (above) and beta at C = 20 (below)", Columns = 1 + s_cs.Length };
        foreach ((InversionTrial[] cs, InversionTrial[] betas) in Sweeps(laboratory))
        {
            string name = $"{cs[0].Subject.Name} {cs[0].Node}, {cs[0].Photo.Name}";
            double[] errors = [.. cs.Select(t => results.Number(t.Key, "error"))];
            double falling = 100 * Statistics.Falling(errors);
            rows.Add(ResultRow.Claim($"{name}: steps of C at which the error falls", "all", falling, "%", falling == 100));
            rows.AddRange(cs.Concat(betas).Select(t => ResultRow.Measured($"{name}: error, {t.Variant}", results.Number(t.Key, "error"), "%")));
            rows.AddRange(betas.Select(t => ResultRow.Measured($"{name}: squared differences of neighbours over the variance, {t.Variant}", results.Number(t.Key, "roughness"), "")));
            double spikes = results.Number(betas[0].Key, "roughness") / results.Number(betas[^1].Key, "roughness");
            rows.Add(ResultRow.Claim($"{name}: the same, beta 1 over beta 2", "above 1: beta 1 leaves spikes", spikes, "", spikes > 1));
            foreach (InversionTrial[] line in new[] { cs, betas })
            {
                sheet.Add(results[cs[0].Key].Pictures["photo"], cs[0].Photo.Name);
                foreach (InversionTrial trial in line)
                    sheet.Add(results[trial.Key].Pictures["image"], $"{trial.Variant}, {results.Number(trial.Key, "error"):F1} %");
                for (int i = line.Length; i < s_cs.Length; i++)
                    sheet.AddGap();
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static IEnumerable<(InversionTrial[] Cs, InversionTrial[] Betas)> Sweeps(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet)
        from node in laboratory.NodesOf(subject, [Depth.Named(subject, "relu3", Middle)])
        from photo in laboratory.Photos
        let trials = new Func<double, InversionTrial>(c => InversionTrial.Of(laboratory, subject, photo, node.Name, c))
        select (
            s_cs.Select(trials).ToArray(),
            s_betas.Select(beta => trials(BetasC) with
            {
                Options = trials(BetasC).Options with { Beta = beta }, Variant = string.Create(CultureInfo.InvariantCulture, $"beta{beta}"),
            }).ToArray());
}
