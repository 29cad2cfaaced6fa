using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Beside Table 4: HOG with binning made of rectifiers alone (section 4.1 of the paper), next to the bilinear binning that it approximates.</summary>
internal sealed class RectifiedBinning : Experiment
{
    static readonly Descriptor[] s_descriptors = [Descriptor.HogBilinear, Descriptor.HogRectified];

    public override string Name => "mv-relu-approx";

    public override string Shows => "Beside Table 4: inverting HOG whose binning is made of ReLUs alone, next to bilinear binning.";

    public override bool TakesModels => false;

    public override int Pictures => 10;

    public override int PaperPictures => 100;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        laboratory.Photos.SelectMany(photo => s_descriptors.Select(d => new DescriptorTrial(laboratory, d, photo, Table4.ProgramsC).Unit()));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "HOG, binned in two ways and inverted", Columns = 1 + s_descriptors.Length };
        foreach (Descriptor descriptor in s_descriptors)
        {
            double[] errors = [.. laboratory.Photos.Select(p => results.Number(Key(descriptor, p), "error"))];
            rows.Add(ResultRow.Measured($"{descriptor.Name}, mean error{Statistics.Spread(errors)}", Statistics.Mean(errors), "%"));
        }

        foreach (Photo photo in laboratory.Photos.Take(4))
        {
            sheet.Add(DescriptorTrial.Grey(photo.Picture), photo.Name);
            foreach (Descriptor descriptor in s_descriptors)
                sheet.Add(results[Key(descriptor, photo)].Pictures["image"], $"{descriptor.Name}, {results.Number(Key(descriptor, photo), "error"):F1} %");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);

        string Key(Descriptor descriptor, Photo photo) => new DescriptorTrial(laboratory, descriptor, photo, Table4.ProgramsC).Key;
    }
}
