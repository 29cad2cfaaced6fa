using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 4: a picture, its HOG, and what HOG, HOGb and dense SIFT keep of it.</summary>
internal sealed class Figure4 : Experiment
{
    static readonly Descriptor[] s_descriptors = [Descriptor.Hog, Descriptor.HogBilinear, Descriptor.Sift];

    public override string Name => "mv-fig4";

    public override string Shows => "Figure 4: a photo, the stars of its HOG, and the images that HOG, HOG with bilinear binning and dense SIFT are inverted to.";

    public override bool TakesModels => false;

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).SelectMany(t => t).Select(t => t.Unit());

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Descriptors inverted", Columns = 2 + s_descriptors.Length };
        foreach (DescriptorTrial[] trials in Trials(laboratory))
        {
            Photo photo = trials[0].Photo;
            Picture grey = DescriptorTrial.Grey(photo.Picture);
            sheet.Add(grey, photo.Name).Add(Stars(grey, laboratory.Options.Device), "HOG");
            double[] errors = [.. trials.Select(t => results.Number(t.Key, "error"))];
            for (int i = 0; i < trials.Length; i++)
            {
                sheet.Add(results[trials[i].Key].Pictures["image"], $"from {trials[i].Descriptor.Name}, {errors[i]:F1} %");
                rows.Add(ResultRow.Measured($"{photo.Name}, {trials[i].Descriptor.Name}: error", errors[i], "%"));
            }

            rows.Add(ResultRow.Claim($"{photo.Name}: error of HOG over that of HOGb", "above 1", errors[0] / errors[1], "", errors[0] > errors[1]));
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static IEnumerable<DescriptorTrial[]> Trials(Laboratory laboratory) =>
        laboratory.Photos.Select(photo => s_descriptors.Select(d => new DescriptorTrial(laboratory, d, photo, Table4.ProgramsC)).ToArray());

    static Picture Stars(Picture grey, Device device)
    {
        using Network network = Descriptor.Hog.Build(grey.Height, grey.Width);
        using Engine engine = network.On(device);
        Shape shape = network.InferShapes()[network.Output.Index];
        var hog = new float[shape.Count];
        using ExecutionPlan plan = engine.Plan(new PlanOptions());
        plan.Forward(Array.ConvertAll(grey.Pixels.ToArray(), v => (float)v), hog);
        return OrientationStars.Draw(hog, shape.H, shape.W, 2 * Descriptor.Orientations, Descriptor.Orientations, Descriptor.Cell);
    }
}
