using System.Globalization;
using System.Numerics.Tensors;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figure 7 of Nie, Zhang and Patel 2018: how far maps of two logits drawn at random are apart, over many pictures, random and trained.</summary>
/// <remarks>
/// The statistic is <see cref="ClassSensitivity"/>. Rules, fixed before the first run: saliency is above another method where its 95 % interval lies above the other's; DeconvNet is
/// slightly above guided backpropagation, as the paper has it for trained networks, where its mean is.
/// </remarks>
internal sealed class ClassDistances : RecoveryExperiment
{
    /// <summary>Pictures where nobody says how many; the paper has 10000.</summary>
    const int Count = 500;

    /// <summary>One in so many of them for the network of full size.</summary>
    const int OfFullSize = 25;

    static readonly (string Series, string Name)[] s_distances = [("distance", "distance of maps as displayed"), ("unit-distance", "distance of maps of length 1")];

    public override string Name => "nie-fig7";

    public override string Shows => "Nie, Zhang and Patel, Figure 7: the mean distance between maps of two logits drawn at random, random and trained networks; far apart for saliency only.";

    protected override IReadOnlyList<RecoveryNetwork> Usual => [RecoveryNetwork.Trained.Random, RecoveryNetwork.Trained, new(RecoveryNetwork.Vgg16, IsRandom: true)];

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { Title = "Distances between maps of two logits (95 % intervals)", Columns = 1 };
        IReadOnlyList<RecoveryNetwork> networks = Networks(laboratory);
        UnitResult[] found = [.. networks.Select(n => Of(laboratory, results, n))];
        foreach ((string series, string distance) in s_distances)
        {
            for (int n = 0; n < networks.Count; n++)
                rows.AddRange(Rows(networks[n], networks[n].IsTrained(laboratory), method => found[n].Series[$"{method} {series}"], distance));
            var plot = new LinePlot { YLabel = "mean distance", Categories = [.. networks.Select(n => n.Name)], Title = distance, LogY = series == "distance" };
            for (int m = 0; m < RecoveryRules.Methods.Count; m++)
                Draw(plot, RecoveryRules.Methods[m].Name, m, [.. found.Select(f => Interval.Of(f.Series[$"{RecoveryRules.Methods[m].Name} {series}"]))]);
            sheet.Add(plot.Render());
        }

        return new ExperimentReport(rows, sheet.Render(), [.. Notes(laboratory, results),
            "Pictures: photos cut in crops of a third of their shorter side, and as many test pictures of the samples. The two logits of a picture are the same for all methods. "
            + "Distances of maps as displayed are divided by the number of their values, so that they are smaller for larger pictures; compare within a network."]);
    }

    protected override IReadOnlyList<RecoveryPicture> PicturesOf(Laboratory laboratory, RecoveryNetwork network)
    {
        int count = laboratory.Options.Count ?? Count;
        return RecoveryPicture.Many(laboratory, network.Key == RecoveryNetwork.Vgg16 ? (count + OfFullSize - 1) / OfFullSize : count);
    }

    protected override int OfAUnit(RecoveryNetwork network) => network.Key == RecoveryNetwork.Vgg16 ? 5 : 50;

    protected override void Study(RecoveryUnit unit)
    {
        PreparedInput[] inputs = [.. unit.Pictures.Select(unit.Open.Prepare)];
        Tensor<float> batch = Tensor.Create(inputs.SelectMany(i => i.Tensor).ToArray(), unit.Open.Network.InputShape.WithSamples(inputs.Length).ToLengths());
        var metric = new ClassSensitivity();
        var options = new MetricOptions { Seed = unit.Laboratory.Options.Seed };
        for (int m = 0; m < RecoveryRules.Methods.Count; m++)
        {
            (string name, Func<Engine, GradientMethod> make) = RecoveryRules.Methods[m];
            MetricResult measured = metric.Measure(make(unit.Open.Engine), batch, options, cancellation: unit.Watch.Cancellation);
            foreach (MetricSeries series in measured.Series)
            {
                foreach (double value in series.Values)
                    unit.Add($"{name} {series.Name}", value);
            }

            unit.Watch.Progress?.Report((m + 1.0) / RecoveryRules.Methods.Count);
        }
    }

    static IEnumerable<ResultRow> Rows(RecoveryNetwork network, bool trained, Func<string, double[]> values, string distance)
    {
        foreach ((string method, _) in RecoveryRules.Methods)
            yield return RecoveryRules.Claim($"{network.Name}, {method}: {distance}", "", values(method), "", null);
        (double[] saliency, double[] deconv, double[] guided) = (values(RecoveryRules.Methods[0].Name), values(RecoveryRules.Methods[1].Name), values(RecoveryRules.Methods[2].Name));
        yield return Above(network, "DeconvNet", saliency, deconv, distance);
        yield return Above(network, "guided backpropagation", saliency, guided, distance);
        bool testable = RecoveryRules.IsTestable(deconv) && RecoveryRules.IsTestable(guided);
        double over = Interval.Of(deconv).Mean / Interval.Of(guided).Mean;
        if (trained)
            yield return ResultRow.Claim($"{network.Name}, DeconvNet over guided backpropagation: {distance}{(testable ? "" : ": not testable")}", "slightly above 1", over, "", testable ? over > 1 : null);
    }

    static ResultRow Above(RecoveryNetwork network, string method, double[] saliency, double[] other, string distance)
    {
        bool testable = RecoveryRules.IsTestable(saliency) && RecoveryRules.IsTestable(other);
        (Interval high, Interval low) = (Interval.Of(saliency), Interval.Of(other));
        string means = string.Create(CultureInfo.InvariantCulture, $"(of means: {high.Mean / low.Mean:0.##})");
        return ResultRow.Claim(
            $"{network.Name}, lower end of saliency's interval over upper end of {method}'s {means}: {distance}{(testable ? "" : ": not testable")}",
            "above 1: saliency tells logits apart", high.Low / low.High, "", testable ? high.Low > low.High : null);
    }

    /// <summary>A method's intervals as upright strokes, beside those of the others.</summary>
    static void Draw(LinePlot plot, string method, int place, Interval[] intervals)
    {
        const double Step = 0.03;
        var x = new List<double>();
        var y = new List<double>();
        for (int i = 0; i < intervals.Length; i++)
        {
            double at = i + (intervals.Length == 1 ? 0 : (place - 1) * Step);
            x.AddRange([at, at, at, double.NaN]);
            y.AddRange([intervals[i].Low, intervals[i].Mean, intervals[i].High, double.NaN]);
        }

        plot.Add(method, [.. x], [.. y]);
    }
}
