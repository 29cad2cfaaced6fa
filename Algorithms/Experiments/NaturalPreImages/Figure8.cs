using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Figure 8: how different the images are that a layer cannot tell apart.</summary>
internal sealed class Figure8 : Experiment
{
    const int Restarts = 4;

    /// <summary>The paper's layers of VGG-VD-16, and where they lie among its 36.</summary>
    static readonly (string Name, double Part)[] s_places = [("conv4_1", 0.5), ("conv5_2", 0.75), ("fc7", 34.0 / 36)];

    public override string Name => "mv-fig8";

    public override string Shows => "Figure 8: four inversions of each of three layers; their representations are nearly equal, their pixels are not, and the less the deeper the layer.";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) => Trials(laboratory).Select(trial => trial.Unit((result, input, kept) =>
    {
        float[] pixels = Rows.Flatten(result.Inputs), features = Protocol.Features(trial.Subject.Engine, trial.Node, result.Inputs);
        kept.Numbers["pixels"] = Pairs(pixels);
        kept.Numbers["features"] = Pairs(features);
        kept.Numbers["pixels of photo"] = Pairs(pixels, Rows.Flatten(input.Tensor));
        kept.Numbers["features of photo"] = Pairs(features, Protocol.Features(trial.Subject.Engine, trial.Node, input.Tensor));
        kept.Pictures["photo"] = input.Shown;
    }));

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { TileWidth = Protocol.TileWidth, Title = "Four inversions of one representation", Columns = 1 + Restarts };
        foreach (IGrouping<(string Subject, string Photo), InversionTrial> group in Trials(laboratory).GroupBy(t => (t.Subject.Name, t.Photo.Name)))
        {
            InversionTrial[] trials = [.. group];
            double[] pixels = [.. trials.Select(t => results.Number(t.Key, "pixels"))];
            for (int i = 0; i < trials.Length; i++)
            {
                UnitResult result = results[trials[i].Key];
                string name = $"{group.Key.Subject} {trials[i].Node}, {group.Key.Photo}";
                double features = result.Numbers["features"];
                rows.Add(ResultRow.Measured($"{name}: distance of pixels between restarts", pixels[i], "of their norm"));
                rows.Add(ResultRow.Measured($"{name}: distance of representations between restarts", features, "of their norm"));
                rows.Add(ResultRow.Claim($"{name}: distance of pixels to that of representations", "above 1", pixels[i] / features, "", pixels[i] > features));
                double ofPhoto = result.Numbers["pixels of photo"] / result.Numbers["features of photo"];
                rows.Add(ResultRow.Claim($"{name}: the same, both over the norm of the photo's", "above 1", ofPhoto, "", ofPhoto > 1));
                sheet.Add(result.Pictures["photo"], $"{group.Key.Photo}, {trials[i].Node}");
                for (int row = 0; row < Restarts; row++)
                    sheet.Add(result.Pictures[Protocol.Row("image", row)], $"{result.Numbers[Protocol.Row("error", row)]:F1} %");
            }

            if (trials.Length > 1)
            {
                double growing = 100 * (1 - Statistics.Falling(pixels));
                rows.Add(ResultRow.Claim($"{group.Key.Subject}, {group.Key.Photo}: steps of depth at which the distance of pixels grows", "all", growing, "%", growing == 100));
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    /// <summary>The mean distance of two restarts over the mean of their norms, or over another one's. The less C, the more regularisers shrink an image, so that the two say
    /// different things in deep layers: both are in the table.</summary>
    static double Pairs(float[] all, float[]? over = null)
    {
        double sum = 0;
        int size = all.Length / Restarts;
        for (int a = 0; a < Restarts; a++)
        {
            for (int b = 0; b < a; b++)
            {
                ReadOnlySpan<float> first = all.AsSpan(a * size, size), second = all.AsSpan(b * size, size);
                sum += over is not null ? ImageMeasures.Distance(first, second, over)
                    : 2 / (1 / ImageMeasures.Distance(first, second, first) + 1 / ImageMeasures.Distance(first, second, second));
            }
        }

        return sum / (Restarts * (Restarts - 1) / 2);
    }

    static IEnumerable<InversionTrial> Trials(Laboratory laboratory) =>
        from subject in laboratory.Subjects(SubjectCatalogue.SqueezeNet)
        from photo in laboratory.Photos
        from node in laboratory.NodesOf(subject, s_places.Select(p => Depth.Named(subject, p.Name, p.Part)).Distinct())
        let trial = InversionTrial.Of(laboratory, subject, photo, node.Name, Depth.C(subject, node))
        select trial with { Options = trial.Options with { Restarts = Restarts } };
}
