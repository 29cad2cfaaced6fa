using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figure 3 of Nie, Zhang and Patel 2018: patches that no first filter passes, the weights into two units of the first dense layer, and maps seeded at those units (equation 9).</summary>
/// <remarks>
/// Rules, fixed before the first run. Dead zones: the mean share of patches is larger in the trained network than in the random one. Weights: near a normal distribution where skew
/// and excess kurtosis are at most 0.5 and 1; nearly identical where Kolmogorov's and Smirnov's distance is at most 0.05, or what two samples of one distribution stay below in 95
/// of 100 cases where that is more. Maps: near each other from a mean cosine of 0.8 on for DeconvNet and guided backpropagation, not where it is at most 0.5 for saliency.
/// </remarks>
internal sealed class FirstLayers : RecoveryExperiment
{
    const double MostSkew = 0.5, MostKurtosis = 1, MostDistance = 0.05;

    /// <summary>The 95th percentile of Kolmogorov's distribution.</summary>
    const double Kolmogorov = 1.358;

    const string Dead = "dead: ";

    public override string Name => "nie-fig3";

    public override string Shows => "Nie, Zhang and Patel, Figure 3 and equation 9: dead zones of the first layer, random against trained; weights into two units of the first dense layer, and their maps.";

    protected override IReadOnlyList<RecoveryNetwork> Usual =>
        [RecoveryNetwork.Trained, RecoveryNetwork.Trained.Random, RecoveryNetwork.SqueezeNet, RecoveryNetwork.SqueezeNet.Random];

    /// <summary>The units looked at: the paper's 26 and 44 where there are as many, else the first two.</summary>
    public static (int A, int B) UnitsOf(Dense layer) => layer.Outputs > 44 ? (26, 44) : (0, 1);

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        (double[] spread, double[] gathered) = DeadZone.Drawn;
        var drawing = new Mosaic { Title = "Patches of two pixels (a drawing, not data)", TitleScale = 2, Columns = 2 };
        var weights = new Mosaic { Columns = 3 };
        drawing.Add(DeadZone.Draw(spread), "filters all around: no dead zone").Add(DeadZone.Draw(gathered), FormattableString.Invariant($"gathered: {100 * DeadZone.ShareOfDirections(gathered):0} % dead (grey)"));
        weights.Add(drawing.Render());
        var rows = new List<ResultRow>();
        IReadOnlyList<RecoveryNetwork> networks = Networks(laboratory);
        UnitResult[] found = [.. networks.Select(n => Of(laboratory, results, n))];
        for (int n = 0; n < networks.Count; n++)
        {
            foreach ((string series, double[] shares) in found[n].Series.Where(s => s.Key.StartsWith(Dead, StringComparison.Ordinal)))
                rows.Add(RecoveryRules.Claim($"{networks[n].Name}: places where no filter of {series[Dead.Length..]} passes", "", shares, "%", null));
        }

        for (int n = 0; n < networks.Count; n++)
        {
            if (networks[n].IsRandom)
                continue;
            string first = found[n].Series.Keys.First(k => k.StartsWith(Dead, StringComparison.Ordinal));
            double[] random = found[networks.ToList().IndexOf(networks[n].Random)].Series[first], more = [.. found[n].Series[first].Zip(random, (a, b) => a - b)];
            rows.Add(RecoveryRules.Claim($"{networks[n].Name}: those of the first layer less the random network's", "more than random filters leave (above 0)", more, "points", networks[n].IsTrained(laboratory) ? m => m > 0 : null));
        }

        for (int n = 0; n < networks.Count; n++)
        {
            if (!found[n].Numbers.ContainsKey("units"))
                continue;
            rows.AddRange(Rows(networks[n], found[n]));
            weights.Add(found[n].Pictures["histogram"]);
        }

        Mosaic sheet = new Mosaic { Title = "Dead zones and two units of the first dense layer", Columns = 1 }.Add(weights.Render());
        foreach (UnitResult network in found.Where(f => f.Pictures.ContainsKey("maps")))
            sheet.Add(network.Pictures["maps"]);
        return new ExperimentReport(rows, sheet.Render(), [.. Notes(laboratory, results),
            "A patch is dead where no filter of a layer, its bias in, comes out above zero; deeper layers are given beside the first, which the paper speaks of. SqueezeNet has no dense layer. Maps are of the two units before their rectifier, seed 1."]);
    }

    protected override void Study(RecoveryUnit unit)
    {
        OpenNetwork open = unit.Open;
        IReadOnlyList<Node> layers = open.Network.WeightLayers;
        // The last layer is that of the classes.
        Node[] convolutions = [.. PartlyTrained.Stages(open.Network).Select(s => layers[s.Layer]).Where(n => n.Layer is Convolution && (n == layers[0] || n != layers[^1]))];
        Node? dense = UnitWeights.FirstDense(open.Network);
        (int a, int b) = dense is null ? default : UnitsOf((Dense)dense.Layer);
        if (unit.First == 0 && dense is not null)
            Weights(unit, (Dense)dense.Layer, a, b);
        foreach ((PreparedInput input, bool isShown) in unit.Inputs())
        {
            IReadOnlyList<double> shares = DeadZone.Shares(open, convolutions, input, unit.Watch.Cancellation);
            for (int i = 0; i < shares.Count; i++)
                unit.Add($"{Dead}{convolutions[i].Name}", 100 * shares[i]);
            if (dense is null)
                continue;
            var sheet = new Mosaic { Title = $"{unit.Network.Name}: maps of units {a} and {b} of {dense.Name}", TitleScale = 2, Columns = 6 };
            foreach ((string name, var make) in RecoveryRules.Methods)
            {
                GradientMethod method = make(open.Engine);
                AttributionResult maps = method.Attribute(input.Tensor, [Target.Neuron(dense.Name, a), Target.Neuron(dense.Name, b)], cancellation: unit.Watch.Cancellation);
                unit.Add(name, Similarity.Cosine(maps.Row(0), maps.Row(1)));
                if (isShown)
                    sheet.Add(unit.Draw(method, maps.Row(0)), $"{method.Name}, unit {a}").Add(unit.Draw(method, maps.Row(1)), $"unit {b}");
            }

            if (isShown)
                unit.Show("maps", sheet.Render());
        }
    }

    static void Weights(RecoveryUnit unit, Dense layer, int a, int b)
    {
        (UnitWeights first, UnitWeights second) = (UnitWeights.Of(layer, a), UnitWeights.Of(layer, b));
        unit.Set("units", 2);
        unit.Set("weights", first.Values.Length);
        unit.Set("distance", first.DistanceTo(second));
        foreach ((int number, UnitWeights weights) in new[] { (a, first), (b, second) })
        {
            string which = number == a ? "a" : "b";
            unit.Set($"{which} unit", number);
            unit.Set($"{which} mean", weights.Mean);
            unit.Set($"{which} deviation", weights.Deviation);
            unit.Set($"{which} skew", weights.Skew);
            unit.Set($"{which} kurtosis", weights.ExcessKurtosis);
        }

        unit.Show("histogram", UnitWeights.Plot($"{unit.Network.Name}: weights into units {a} and {b}", (a, first), (b, second)));
    }

    static IEnumerable<ResultRow> Rows(RecoveryNetwork network, UnitResult found)
    {
        foreach (string which in new[] { "a", "b" })
        {
            string unit = $"{network.Name}, weights into unit {found.Numbers[$"{which} unit"]} of the first dense layer";
            double skew = found.Numbers[$"{which} skew"], kurtosis = found.Numbers[$"{which} kurtosis"];
            yield return ResultRow.Measured($"{unit}: mean", found.Numbers[$"{which} mean"], "");
            yield return ResultRow.Measured($"{unit}: deviation", found.Numbers[$"{which} deviation"], "");
            yield return ResultRow.Claim($"{unit}: skew", FormattableString.Invariant($"normal (at most {MostSkew} about 0)"), skew, "", Math.Abs(skew) <= MostSkew);
            yield return ResultRow.Claim($"{unit}: excess kurtosis", FormattableString.Invariant($"normal (at most {MostKurtosis} about 0)"), kurtosis, "", Math.Abs(kurtosis) <= MostKurtosis);
        }

        double most = Math.Max(MostDistance, Kolmogorov * Math.Sqrt(2 / found.Numbers["weights"]));
        yield return ResultRow.Claim(
            $"{network.Name}: Kolmogorov's and Smirnov's distance of the two", FormattableString.Invariant($"nearly identical (at most {most:0.###})"), found.Numbers["distance"], "", found.Numbers["distance"] <= most);
        foreach ((string method, _) in RecoveryRules.Methods)
        {
            bool same = method != RecoveryRules.Methods[0].Name;
            string claim = same ? FormattableString.Invariant($"near 1 (at least {RecoveryRules.Same})") : FormattableString.Invariant($"not (at most {RecoveryRules.Different})");
            yield return RecoveryRules.Claim($"{network.Name}, {method}: cosine of the maps of the two units", claim, found.Series[method], "", same ? m => m >= RecoveryRules.Same : m => m <= RecoveryRules.Different);
        }
    }
}
