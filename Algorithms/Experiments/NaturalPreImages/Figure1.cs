using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 1: four images that the last layer represents like the photo.</summary>
internal sealed class Figure1 : Experiment
{
    const int Restarts = 4;

    public override string Name => "mv-fig1";

    public override string Shows => "Figure 1: inverting the last layer from four noises; to the network all four are the photo.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(trial => trial.Unit((result, input, kept) =>
    {
        var classifier = new Classifier(trial.Subject.Engine);
        int photo = classifier.Classify(input.Tensor, 1)[0][0].Class;
        kept.Numbers["sameClass"] = 100.0 * Enumerable.Range(0, Restarts).Count(row => classifier.Classify(Rows.Of(result.Inputs, row), 1)[0][0].Class == photo) / Restarts;
        kept.Pictures["photo"] = input.Shown;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Images with one representation", Columns = 1 + Restarts };
        foreach (InversionTrial trial in Trials(laboratory))
        {
            UnitResult result = results[trial.Key];
            double[] errors = [.. Enumerable.Range(0, Restarts).Select(r => result.Numbers[Protocol.Row("error", r)])];
            string name = $"{trial.Subject.Name} {trial.Node}, {trial.Photo.Name}";
            rows.Add(ResultRow.Claim($"{name}: images of the photo's class", "all", result.Numbers["sameClass"], "%", trial.Subject.IsTrained ? result.Numbers["sameClass"] == 100 : null));
            rows.Add(ResultRow.Measured($"{name}: mean error", Statistics.Mean(errors), "%"));
            sheet.Add(result.Pictures["photo"], trial.Photo.Name);
            for (int row = 0; row < Restarts; row++)
                sheet.Add(result.Pictures[Protocol.Row("image", row)], $"{errors[row]:F1} %");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static IEnumerable<InversionTrial> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet)
        from node in laboratory.NodesOf(subject, [subject.Trunk[^1]])
        from photo in laboratory.Photos
        let trial = InversionTrial.Of(laboratory, subject, photo, node.Name, 1)
        select trial with { Options = trial.Options with { Restarts = Restarts } };
}
