using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.PreImages;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Section 5.2.4: whether the green of reconstructions comes from the regularisers.</summary>
internal sealed class PriorStrength : Experiment
{
    const double Deep = 0.7;

    static readonly double[] s_lambdas = [1, 0.1, 0.01, 0];

    public override string Name => "mv-prior";

    public override string Shows => "Section 5.2.4: the mean colour of reconstructions less the photo's, with weaker and weaker regularisers; is the green lean the network's own?";

    public override int Pictures => 3;

    public override int PaperPictures => 10;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).SelectMany(t => t).Select(t => t.Trial.Unit((result, input, kept) =>
    {
        double[] found = ImageMeasures.MeanColour(result.Row(0), 3, result.Pixels.Order), photo = ColourOf(input.Shown);
        for (int c = 0; c < 3; c++)
            kept.Numbers[s_colours[c]] = found[c] - photo[c];
        kept.Pictures["photo"] = input.Shown;
    }));

    static readonly string[] s_colours = ["red", "green", "blue"];

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Weaker and weaker regularisers", Columns = 1 + s_lambdas.Length };
        foreach (var group in Trials(laboratory).GroupBy(t => (t[0].Trial.Subject, t[0].Trial.Node)))
        {
            string name = $"{group.Key.Subject.Name} {group.Key.Node}";
            for (int i = 0; i < s_lambdas.Length; i++)
            {
                double[] means = [.. s_colours.Select(colour => Statistics.Mean([.. group.Select(t => results.Number(t[i].Trial.Key, colour))]))];
                string at = string.Create(CultureInfo.InvariantCulture, $"{name}, lambda {s_lambdas[i]}");
                for (int c = 0; c < 3; c++)
                    rows.Add(ResultRow.Measured($"{at}: mean {s_colours[c]} less the photo's", means[c], "grey levels"));
                double lean = means[1] - (means[0] + means[2]) / 2;
                rows.Add(ResultRow.Claim($"{at}: lean to green, over red and blue", "towards green", lean, "grey levels", group.Key.Subject.IsTrained ? lean > 0 : null));
            }

            foreach ((InversionTrial Trial, double Lambda)[] trials in group)
            {
                sheet.Add(results[trials[0].Trial.Key].Pictures["photo"], trials[0].Trial.Photo.Name);
                foreach ((InversionTrial trial, double lambda) in trials)
                    sheet.Add(results[trial.Key].Pictures["image"], string.Create(CultureInfo.InvariantCulture, $"{trial.Node}, lambda {lambda}"));
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "With lambda 0 there is no largest norm and no jitter either."]);
    }

    static double[] ColourOf(Picture picture) =>
        [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, picture.Width * picture.Height).Average(i => (double)picture.Pixels[3 * i + c]))];

    static IEnumerable<(InversionTrial Trial, double Lambda)[]> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet, SubjectCatalogue.CifarFull)
        where subject.Network.InputShape.C == 3
        from node in laboratory.NodesOf(subject, [Depth.At(subject, Deep)])
        from photo in laboratory.Photos
        let trial = InversionTrial.Of(laboratory, subject, photo, node.Name, 1)
        select s_lambdas.Select(lambda => (trial with
        {
            Options = lambda == 0 ? trial.Options.WithoutRegularisers() : trial.Options with { LambdaRange = lambda, LambdaVariation = lambda },
            Variant = string.Create(CultureInfo.InvariantCulture, $"lambda{lambda}"),
        }, lambda)).ToArray();
}
