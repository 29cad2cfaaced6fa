using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figures 11 and 12: images that excite the first 25 filters of each convolution, and the first two units of each dense layer.</summary>
/// <param name="figure">The figure's number.</param>
/// <param name="theirs">The paper's network.</param>
/// <param name="ours">The network that stands in for it.</param>
internal sealed class FilterMosaics(int figure, string theirs, string ours) : Experiment
{
    const int Filters = 25, SingleUnits = 2;

    public override string Name => $"mv-fig{figure}";

    public override string Shows => $"Figure {figure}: images that excite the first {Filters} filters of each convolution, and units of dense layers (the paper's {theirs}; here {ours}).";

    public override int PaperPictures => MaximisationTrial.Calibrating;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(t => t.Unit());

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = $"Images that excite filters, {string.Join(", ", laboratory.Subjects(ours).Select(s => s.Name))}" };
        foreach (MaximisationTrial trial in Trials(laboratory))
        {
            double[] energy = results[trial.Key].Series["energy"];
            string name = $"{trial.Subject.Name} {trial.Node}, {trial.Variant}";
            rows.Add(ResultRow.Measured($"{name}: energy at the last iteration, less that at the first", energy[^1] - energy[0], ""));
            sheet.Add(results[trial.Key].Pictures["image"], $"{trial.Node}, {trial.Variant}");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "The paper judges these by eye: there is no number to hold them against."]);
    }

    IEnumerable<MaximisationTrial> Trials(Laboratory laboratory)
    {
        foreach (Subject subject in laboratory.Subjects(ours))
        {
            // Before their rectifiers: behind one, a unit that noise does not excite has no gradient and stays dark.
            foreach (Node node in laboratory.NodesOf(subject, subject.Layers.Where(n => n.Layer is Convolution or Dense)))
            {
                Shape shape = subject.ShapeOf(node);
                int channels = shape.C;
                if (shape is { Rank: 4, H: > 1, W: > 1 })
                {
                    // Each filter needs a unit of its own in a square of them.
                    int side = Math.Min(shape.H, shape.W), count = Math.Min(Math.Min(Filters, channels), side * side);
                    yield return new MaximisationTrial(laboratory, subject, node.Name, [.. Enumerable.Range(0, count)], $"first {count}");
                    continue;
                }

                for (int unit = 0; unit < Math.Min(SingleUnits, channels); unit++)
                    yield return new MaximisationTrial(laboratory, subject, node.Name, [unit], $"unit {unit + 1}");
            }
        }
    }
}
