using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 9: what the middle 5x5 units of a layer see.</summary>
internal sealed class Figure9 : Experiment
{
    const int Window = 5;
    const double Held = 0.9;

    public override string Name => "mv-fig9";

    public override string Shows => "Figure 9: inverting the middle 5x5 units of each layer, with the box of pixels they can see; what comes out fills less than the box in deep layers.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(trial => trial.Unit((result, input, kept) =>
    {
        (int height, int width) = trial.Subject.Size;
        (int Top, int Left, int Height, int Width) box = Box(trial);
        double[] centre = [.. result.Pixels.Centre], power = ImageMeasures.Power(result.Row(0), (int)result.Images.Lengths[1], centre);
        (double middleY, double middleX) = (box.Top + (box.Height - 1) / 2.0, box.Left + (box.Width - 1) / 2.0);
        kept.Numbers["inside"] = 100 * ImageMeasures.ShareInside(power, height, width, box);
        kept.Numbers["radius"] = ImageMeasures.Radius(power, width, middleY, middleX, Held);
        kept.Numbers["half"] = (box.Height - 1) / 2.0;
        kept.Pictures["boxed"] = MarkedBox.Draw(result.Render().Picture, box.Left, box.Top, box.Width, box.Height);
        kept.Pictures["photo"] = input.Shown;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "The middle 5x5 units inverted, and the box they see" };
        foreach (IGrouping<(string Subject, string Photo), InversionTrial> group in Trials(laboratory).GroupBy(t => (t.Subject.Name, t.Photo.Name)))
        {
            InversionTrial[] trials = [.. group];
            sheet.Add(results[trials[0].Key].Pictures["photo"], group.Key.Photo);
            double[] parts = [.. trials.Select(t => results.Number(t.Key, "radius") / results.Number(t.Key, "half"))];
            rows.Add(ResultRow.Claim(
                $"{group.Key.Subject}, {group.Key.Photo}: smallest radius that holds 90 % of the energy, over half the box's side", "below 1 in some layers", parts.Min(), "", parts.Min() < 1));
            for (int i = 0; i < trials.Length; i++)
            {
                string name = $"{group.Key.Subject} {trials[i].Node}, {group.Key.Photo}";
                double inside = results.Number(trials[i].Key, "inside");
                rows.Add(ResultRow.Measured($"{name}: energy inside the box", inside, "%"));
                rows.Add(ResultRow.Measured($"{name}: radius that holds 90 %, over half the box's side", parts[i], ""));
                sheet.Add(results[trials[i].Key].Pictures["boxed"], $"{trials[i].Node}, {inside:F0} % inside");
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "Energy is the squared distance to the mean colour; a box may reach over the picture's border."]);
    }

    /// <summary>The pixels that the middle units see together.</summary>
    static (int Top, int Left, int Height, int Width) Box(InversionTrial trial)
    {
        Node node = trial.Subject.Network.Nodes[trial.Node];
        Shape shape = trial.Subject.ShapeOf(node);
        ReceptiveField field = ReceptiveField.Of(trial.Subject.Network)[node.Index]!.Value;
        (int top, int left, int height, int width) = field.Box((shape.H - Window) / 2, (shape.W - Window) / 2);
        return (top, left, height + (Window - 1) * field.Stride.Y, width + (Window - 1) * field.Stride.X);
    }

    static IEnumerable<InversionTrial> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet)
        let fields = ReceptiveField.Of(subject.Network)
        from photo in laboratory.Photos
        from node in subject.Planes(laboratory.NodesOf(subject, subject.Trunk), Window)
        where fields[node.Index] is not null
        let trial = InversionTrial.Of(laboratory, subject, photo, node.Name, 1)
        select trial with { Options = trial.Options with { Mask = FeatureMask.Window(Window) } };
}
