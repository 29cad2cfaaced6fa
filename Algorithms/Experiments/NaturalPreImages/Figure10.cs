using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.PreImages;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 10: what each half of a layer's channels keeps of a photo.</summary>
internal sealed class Figure10 : Experiment
{
    const double C = 300;

    public override string Name => "mv-fig10";

    public override string Shows => "Figure 10: inverting each half of a layer's channels alone; in networks of two groups one keeps colour, the other edges (here SqueezeNet's 1x1 | 3x3 halves).";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).SelectMany(t => t).Select(trial => trial.Unit((result, input, kept) =>
    {
        (int height, int width) = trial.Subject.Size;
        ReadOnlySpan<float> image = result.Row(0);
        (double luma, double chroma) = ImageMeasures.Energies(image, height, width, result.Pixels.Order);
        kept.Numbers["luma"] = luma;
        kept.Numbers["chroma"] = chroma;
        kept.Numbers["roughness"] = ImageMeasures.Roughness(ImageMeasures.Luma(image, height * width, result.Pixels.Order), 1, height, width);
        kept.Pictures["photo"] = input.Shown;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Halves of the channels inverted", Columns = 3 };
        foreach (InversionTrial[] halves in Trials(laboratory))
        {
            InversionTrial first = halves[0];
            string name = $"{first.Subject.Name} {first.Node}, {first.Photo.Name}";
            double[] chroma = [.. halves.Select(h => results.Number(h.Key, "chroma") / results.Number(h.Key, "luma"))];
            double[] rough = [.. halves.Select(h => results.Number(h.Key, "roughness"))];
            for (int i = 0; i < halves.Length; i++)
            {
                rows.Add(ResultRow.Measured($"{name}, half {i + 1}: luma energy", results.Number(halves[i].Key, "luma"), "grey levels squared"));
                rows.Add(ResultRow.Measured($"{name}, half {i + 1}: chroma energy over luma energy", chroma[i], ""));
                rows.Add(ResultRow.Measured($"{name}, half {i + 1}: squared differences of neighbours over the variance, luma", rough[i], ""));
            }

            // The paper speaks of networks whose convolutions are in two groups; of others it says nothing.
            int colour = chroma[0] > chroma[1] ? 0 : 1;
            bool grouped = first.Subject.IsTrained && first.Subject.Layers.Any(n => n.Layer is Convolution { Groups: 2 });
            rows.Add(ResultRow.Claim(
                $"{name}: differences of neighbours of the less colourful half, over those of the other", grouped ? "above 1: colour and edges apart" : "", rough[1 - colour] / rough[colour], "",
                grouped ? rough[1 - colour] > rough[colour] : null));
            sheet.Add(results[first.Key].Pictures["photo"], first.Photo.Name);
            for (int i = 0; i < halves.Length; i++)
                sheet.Add(results[halves[i].Key].Pictures["image"], $"{first.Node}, half {i + 1}");
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    /// <summary>Halves of the early layers: those with groups up to norm2, or the joints of branches in the first half of the network.</summary>
    static IEnumerable<InversionTrial[]> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet)
        where subject.Network.InputShape.C == 3
        from photo in laboratory.Photos
        from node in laboratory.NodesOf(subject, Early(subject))
        where subject.ShapeOf(node).C % 2 == 0
        select Enumerable.Range(0, 2).Select(half =>
        {
            InversionTrial whole = InversionTrial.Of(laboratory, subject, photo, node.Name, C);
            return whole with { Options = whole.Options with { Mask = FeatureMask.Group(half) }, Variant = $"{whole.Variant}-half{half + 1}" };
        }).ToArray();

    static IEnumerable<Node> Early(Subject subject)
    {
        if (subject.Network.Nodes.FirstOrDefault(n => n.Name == "norm2") is { } last)
            return subject.Trunk.Where(n => n.Index <= last.Index);
        Node[] joints = [.. subject.Trunk.Where(n => n.Layer is Concat && Depth.Part(subject, n) <= 0.5)];
        return joints.Length > 0 ? joints : subject.Trunk.Where(n => Depth.Part(subject, n) <= 0.5);
    }
}
