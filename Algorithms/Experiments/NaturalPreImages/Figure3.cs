using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 3: what jitter does to the image of a class.</summary>
internal sealed class Figure3 : Experiment
{
    public override string Name => "mv-fig3";

    public override string Shows => "Figure 3: the image of the class tree frog with and without jitter; jitter takes away what only the network's strides bring in.";

    public override int PaperPictures => MaximisationTrial.Calibrating;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).SelectMany(t => new[] { t.With, t.Without }).Select(trial => trial.Unit((result, kept) =>
        kept.Numbers["roughness"] = ImageMeasures.Roughness(result.Row(0), (int)result.Images.Lengths[1], (int)result.Images.Lengths[2], (int)result.Images.Lengths[3])));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "A class with and without jitter", Columns = 2 };
        foreach ((MaximisationTrial with, MaximisationTrial without, string name) in Trials(laboratory))
        {
            double ratio = results.Number(without.Key, "roughness") / results.Number(with.Key, "roughness");
            rows.Add(ResultRow.Claim(
                $"{with.Subject.Name}, {name}: squared differences of neighbours over the variance, without jitter to with", "above 1", ratio, "", with.Subject.IsTrained ? ratio > 1 : null));
            sheet.Add(results[with.Key].Pictures["image"], $"{name}, jitter").Add(results[without.Key].Pictures["image"], $"{name}, no jitter");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static IEnumerable<(MaximisationTrial With, MaximisationTrial Without, string Name)> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet, SubjectCatalogue.CifarFull)
        let frog = ShownClasses.Frog(subject)
        select (MaximisationTrial.Class(laboratory, subject, frog.Index), MaximisationTrial.Class(laboratory, subject, frog.Index, jitter: false), frog.Name);
}
