using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Table 4: how well descriptors are inverted.</summary>
/// <param name="c">C: the paper's text says 20, its program 100.</param>
internal sealed class Table4(double c) : Experiment
{
    /// <summary>C of the paper's program, which its numbers belong to.</summary>
    public const double ProgramsC = 100;

    const int Drawn = 4;

    static readonly (Descriptor Descriptor, double Paper, double Deviation)[] s_rows =
    [
        (Descriptor.Hog, 36.6, 17.3), (Descriptor.HogBilinear, 11.5, 4.8), (Descriptor.Sift, 9.4, 8.6),
    ];

    public override string Name => c == ProgramsC ? "mv-table4" : string.Create(CultureInfo.InvariantCulture, $"mv-table4-c{c}");

    public override string Shows => string.Create(CultureInfo.InvariantCulture,
        $"Table 4: the error of inverting HOG, HOG with bilinear binning and dense SIFT, C = {c} (the paper's {(c == ProgramsC ? "program" : "text")}).");

    public override bool TakesModels => false;

    public override int Pictures => 10;

    public override int PaperPictures => 100;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        laboratory.Photos.SelectMany(photo => s_rows.Select(r => new DescriptorTrial(laboratory, r.Descriptor, photo, c).Unit()));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        foreach ((Descriptor descriptor, double paper, double deviation) in s_rows)
        {
            double[] errors = [.. laboratory.Photos.Select(p => results.Number(Key(descriptor, p), "error"))];
            rows.Add(ResultRow.Number($"{descriptor.Name}, mean error{Statistics.Spread(errors)}", paper, deviation, Statistics.Mean(errors), "%"));
        }

        foreach (Photo photo in laboratory.Photos)
            rows.AddRange(s_rows.Select(r => ResultRow.Measured($"{r.Descriptor.Name}, {photo.Name}", results.Number(Key(r.Descriptor, photo), "error"), "%")));
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Inverted descriptors", Columns = 1 + s_rows.Length };
        foreach (Photo photo in laboratory.Photos.Take(Drawn))
        {
            sheet.Add(DescriptorTrial.Grey(photo.Picture), photo.Name);
            foreach ((Descriptor descriptor, _, _) in s_rows)
                sheet.Add(results[Key(descriptor, photo)].Pictures["image"], $"{descriptor.Name}, {results.Number(Key(descriptor, photo), "error"):F1} %");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes, "HOGgle (60.1 +- 11.6 %) is another method and is not made again."]);

        string Key(Descriptor descriptor, Photo photo) => new DescriptorTrial(laboratory, descriptor, photo, c).Key;
    }
}
