using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 13: images of classes.</summary>
internal sealed class Figure13 : Experiment
{
    public override string Name => "mv-fig13";

    public override string Shows => "Figure 13: images that excite single classes most, of three networks; the network takes each for its class.";

    public override int PaperPictures => MaximisationTrial.Calibrating;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(t => t.Trial.Unit((result, kept) =>
    {
        IReadOnlyList<ClassScore> scores = new Classifier(t.Trial.Subject.Engine).Classify(result.Inputs, int.MaxValue)[0];
        kept.Numbers["probability"] = 100 * scores.First(s => s.Class == t.Class).Probability;
        kept.Numbers["isFirst"] = scores[0].Class == t.Class ? 1 : 0;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Images of classes", Columns = Trials(laboratory).GroupBy(t => t.Trial.Subject).Max(g => g.Count()) };
        foreach ((MaximisationTrial trial, _, string name) in Trials(laboratory))
        {
            double probability = results.Number(trial.Key, "probability");
            rows.Add(ResultRow.Claim(
                $"{trial.Subject.Name}, {name}: the class's probability", "the strongest class", probability, "%", trial.Subject.IsTrained ? results.Number(trial.Key, "isFirst") == 1 : null));
            sheet.Add(results[trial.Key].Pictures["image"], $"{trial.Subject.Name}, {name}, {probability:F0} %");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static IEnumerable<(MaximisationTrial Trial, int Class, string Name)> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet, SubjectCatalogue.CifarFull, SubjectCatalogue.LeNet)
        from shown in ShownClasses.Of(subject)
        select (MaximisationTrial.Class(laboratory, subject, shown.Index), shown.Index, shown.Name);
}
