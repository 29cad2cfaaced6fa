using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figure 8 of Nie, Zhang and Patel 2018: maps of a picture for its label and of the picture moved a little for the wrong label that it gets by that.</summary>
/// <remarks>
/// The picture is attacked by <see cref="FastGradientSign"/>. Rules, fixed before the first run: nine in ten labels change; guided backpropagation does not see it where the median
/// cosine of its two maps is at least 0.8, and where its cosine is above saliency's by at least 0.3 on every picture; DeconvNet does not see it from a median of 0.8 on.
/// </remarks>
internal sealed class AdversarialMaps : RecoveryExperiment
{
    const double Flips = 90;

    static readonly string[] s_files = ["saliency", "deconvnet", "guided"];

    public override string Name => "nie-fig8";

    public override string Shows => "Nie, Zhang and Patel, Figure 8: maps before and after an attack that changes the label; saliency's are to change, those of DeconvNet and guided backpropagation not.";

    protected override IReadOnlyList<RecoveryNetwork> Usual => [RecoveryNetwork.SqueezeNet, RecoveryNetwork.Trained];

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var notes = new List<string>();
        var sheet = new Mosaic { Title = "Before and after an attack", TileWidth = 224, Columns = 4 };
        foreach (RecoveryNetwork network in Networks(laboratory))
        {
            UnitResult found = Of(laboratory, results, network);
            rows.AddRange(Rows(network, network.IsTrained(laboratory), found));
            notes.Add(FormattableString.Invariant(
                $"{network.Name}: steps that changed the label, picture by picture: {string.Join(", ", found.Series["changed"].Zip(found.Series["step"], (c, s) => c == 1 ? FormattableString.Invariant($"{s}") : "none"))}"));
            string before = $"class {found.Numbers["before"]}", after = $"class {found.Numbers["after"]}";
            Fill(sheet, found, "before", $"{network.Name}: {before}", before);
            Fill(sheet, found, "after", FormattableString.Invariant($"moved by {found.Numbers["step"]}: {after}"), after);
        }

        return new ExperimentReport(rows, sheet.Render(), [.. Notes(laboratory, results), .. notes,
            "A map before explains the picture's label, the map after the label that the moved picture gets; cosines for the first label on both are given beside. Pictures whose label no step of 0.5 to 16 changes are left out."]);
    }

    protected override void Study(RecoveryUnit unit)
    {
        OpenNetwork open = unit.Open;
        var attack = new FastGradientSign(open.Engine, PreImages.PixelScale.Of(open.Preprocessing));
        foreach ((PreparedInput input, bool isShown) in unit.Inputs())
        {
            AdversarialPicture moved = attack.Attack(input.Tensor, cancellation: unit.Watch.Cancellation);
            unit.Add("changed", moved.Changed ? 1 : 0);
            unit.Add("step", moved.Step);
            if (isShown)
            {
                unit.Set("before", moved.Before.Class);
                unit.Set("after", moved.After.Class);
                unit.Set("step", moved.Step);
                unit.Show("before", input.Shown);
                unit.Show("after", open.PictureOf(moved.Input));
            }

            foreach ((string name, var make) in RecoveryRules.Methods)
            {
                GradientMethod method = make(open.Engine);
                AttributionResult before = method.Attribute(input.Tensor, moved.Before.Class, cancellation: unit.Watch.Cancellation);
                AttributionResult after = method.Attribute(moved.Input, [moved.After.Class, moved.Before.Class], cancellation: unit.Watch.Cancellation);
                if (isShown)
                {
                    unit.Show($"{method.Name}-before", method, before.Row(0));
                    unit.Show($"{method.Name}-after", method, after.Row(0));
                }

                if (!moved.Changed)
                    continue;
                unit.Add(name, Similarity.Cosine(before.Row(0), after.Row(0)));
                unit.Add($"{name}, first label", Similarity.Cosine(before.Row(0), after.Row(1)));
            }
        }
    }

    static IEnumerable<ResultRow> Rows(RecoveryNetwork network, bool trained, UnitResult found)
    {
        double flips = 100 * found.Series["changed"].Average();
        yield return ResultRow.Claim($"{network.Name}: labels that change ({found.Series["changed"].Length} pictures)", FormattableString.Invariant($"the label flips (at least {Flips} %)"), flips, "%", trained ? flips >= Flips : null);
        double[] saliency = Values(found, RecoveryRules.Methods[0].Name), guided = Values(found, RecoveryRules.Methods[2].Name);
        foreach ((string method, _) in RecoveryRules.Methods)
        {
            bool same = method != RecoveryRules.Methods[0].Name;
            double[] values = Values(found, method);
            bool testable = RecoveryRules.IsTestable(values);
            double median = Median(values);
            string claim = same ? FormattableString.Invariant($"does not change (at least {RecoveryRules.Same})") : "changes";
            yield return ResultRow.Claim(
                $"{network.Name}, {method}: median cosine of the maps of old and new label {RecoveryRules.Spread(values)}{(testable ? "" : ": not testable")}", claim, median, "",
                same && testable && trained ? median >= RecoveryRules.Same : null);
            yield return ResultRow.Measured($"{network.Name}, {method}: median cosine of the maps of the old label", Median(Values(found, $"{method}, first label")), "");
        }

        double[] over = [.. guided.Zip(saliency, (g, s) => g - s)];
        bool judged = trained && RecoveryRules.IsTestable(over);
        double least = over.Length > 0 ? over.Min() : double.NaN;
        yield return ResultRow.Claim($"{network.Name}: guided backpropagation's cosine less saliency's, least of all pictures", FormattableString.Invariant($"at least {RecoveryRules.Margin}"), least, "", judged ? least >= RecoveryRules.Margin : null);
    }

    static double[] Values(UnitResult found, string series) => found.Series.GetValueOrDefault(series, []);

    static double Median(double[] values)
    {
        double[] sorted = [.. values.Where(v => !double.IsNaN(v)).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    static void Fill(Mosaic sheet, UnitResult found, string when, string label, string explained)
    {
        sheet.Add(found.Pictures[when], label);
        foreach (string file in s_files)
            sheet.Add(found.Pictures[$"{file}-{when}"], $"{file}, {explained}");
    }
}
