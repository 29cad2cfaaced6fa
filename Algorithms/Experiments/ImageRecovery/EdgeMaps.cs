using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Maps beside a linear edge detector: how the magnitudes of a map correlate with the length of Sobel's gradient of the picture.</summary>
/// <remarks>
/// Rule, fixed before the first run: DeconvNet and guided backpropagation are nearer to an edge detector than saliency where the 95 % interval of the mean difference of the
/// correlations, picture by picture, is above zero.
/// </remarks>
internal sealed class EdgeMaps : RecoveryExperiment
{
    public override string Name => "nie-edges";

    public override string Shows => "Nie, Zhang and Patel: how near maps of trained and random networks are to a linear edge detector (Sobel).";

    protected override IReadOnlyList<RecoveryNetwork> Usual =>
        [RecoveryNetwork.SqueezeNet, RecoveryNetwork.SqueezeNet.Random, RecoveryNetwork.Trained, RecoveryNetwork.Trained.Random];

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { Title = "Maps beside an edge detector", TileWidth = 224, Columns = 5 };
        foreach (RecoveryNetwork network in Networks(laboratory))
        {
            UnitResult found = Of(laboratory, results, network);
            double[] saliency = found.Series["saliency"];
            sheet.Add(found.Pictures["picture"], network.Name).Add(found.Pictures["edges"], "Sobel");
            foreach ((string name, string file) in RecoveryRules.Methods.Select(m => m.Name).Zip(["saliency", "deconvnet", "guided"]))
            {
                double[] values = found.Series[name];
                rows.Add(RecoveryRules.Claim($"{network.Name}, {name}: correlation of magnitudes with Sobel's", "", values, "", null));
                sheet.Add(found.Pictures[file], file);
                if (name == RecoveryRules.Methods[0].Name)
                    continue;
                double[] nearer = [.. values.Zip(saliency, (v, s) => v - s)];
                rows.Add(RecoveryRules.Claim($"{network.Name}, {name}: that less saliency's", "nearer to an edge detector than saliency (interval above 0)", nearer, "", _ => Interval.Of(nearer).Low > 0));
            }
        }

        return new ExperimentReport(rows, sheet.Render(), [.. Notes(laboratory, results),
            "Maps are of the strongest logit; a pixel's magnitude is the largest of its channels. Sobel's filters run over the picture's brightness as the network is shown it."]);
    }

    protected override void Study(RecoveryUnit unit)
    {
        foreach ((PreparedInput input, bool isShown) in unit.Inputs())
        {
            float[] edges = MapMeasures.Edges(input.Shown);
            if (isShown)
            {
                unit.Show("picture", input.Shown);
                unit.Show("edges", MapRenderer.Magnitude.Render(edges, 1, input.Shown.Height, input.Shown.Width).Picture);
            }

            foreach ((string name, var make) in RecoveryRules.Methods)
            {
                GradientMethod method = make(unit.Open.Engine);
                AttributionResult map = method.Attribute(input.Tensor, Target.Argmax, cancellation: unit.Watch.Cancellation);
                unit.Add(name, Correlation.Pearson(MapMeasures.Magnitudes(map.Row(0), unit.Open.Network.InputShape.C), edges));
                if (isShown)
                    unit.Show(method.Name, method, map.Row(0));
            }
        }
    }
}
