using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Metrics;
using Preimage.Algorithms.Training;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>Figure 2 of Nie, Zhang and Patel 2018: maps of a trained network for its strongest logit and two others.</summary>
/// <remarks>
/// Rules, fixed before the first run. A picture's number is the mean cosine of its three maps with each other; saliency differs from logit to logit where the mean over pictures
/// is at most 0.5, DeconvNet and guided backpropagation hardly do where it is at least 0.8, and guided backpropagation's is to be above saliency's by 0.3.
/// </remarks>
internal sealed class LogitMaps : RecoveryExperiment
{
    /// <summary>The paper's other two logits.</summary>
    static readonly int[] s_paper = [482, 560];

    public override string Name => "nie-fig2";

    public override string Shows => "Nie, Zhang and Patel, Figure 2: saliency, DeconvNet and guided backpropagation for the strongest logit and two others; only saliency is to tell them apart.";

    protected override IReadOnlyList<RecoveryNetwork> Usual => [RecoveryNetwork.SqueezeNet, RecoveryNetwork.Trained];

    /// <summary>Two logits beside the strongest: the paper's where the network has them, else those at a third and at two thirds; the next one where that is the strongest.</summary>
    /// <exception cref="PreimageException">The network has fewer than three.</exception>
    public static (int A, int B) Others(int classes, int strongest)
    {
        if (classes < 3)
            throw new PreimageException($"nie-fig2 compares three logits: the network has {classes}");
        (int a, int b) = classes > s_paper[1] ? (s_paper[0], s_paper[1]) : (classes / 3, 2 * classes / 3);
        a = a == strongest ? (a + 1) % classes : a;
        while (b == strongest || b == a)
            b = (b + 1) % classes;
        return (a, b);
    }

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var sheet = new Mosaic { Title = "Maps of three logits: the strongest and two others", TileWidth = 224, Columns = 4 };
        foreach (RecoveryNetwork network in Networks(laboratory))
        {
            UnitResult found = Of(laboratory, results, network);
            if (found.Numbers.TryGetValue("accuracy", out double accuracy))
                rows.Add(ResultRow.Measured($"{network.Name}: test pictures classified right", accuracy, "%"));
            bool trained = network.IsTrained(laboratory);
            double[] saliency = found.Series[RecoveryRules.Methods[0].Name], guided = found.Series[RecoveryRules.Methods[2].Name];
            foreach ((string method, _) in RecoveryRules.Methods)
            {
                bool same = method != RecoveryRules.Methods[0].Name;
                string claim = same ? FormattableString.Invariant($"nearly the same for every logit (at least {RecoveryRules.Same})") : FormattableString.Invariant($"differs from logit to logit (at most {RecoveryRules.Different})");
                Func<double, bool> rule = same ? m => m >= RecoveryRules.Same : m => m <= RecoveryRules.Different;
                rows.Add(RecoveryRules.Claim($"{network.Name}, {method}: cosine between maps of different logits", claim, found.Series[method], "", trained ? rule : null));
            }

            rows.Add(RecoveryRules.Claim(
                $"{network.Name}: guided backpropagation's cosine less saliency's", FormattableString.Invariant($"at least {RecoveryRules.Margin}"),
                [.. guided.Zip(saliency, (g, s) => g - s)], "", trained ? m => m >= RecoveryRules.Margin : null));
            Fill(sheet, found, network);
        }

        return new ExperimentReport(rows, sheet.Render(), [.. Notes(laboratory, results), "The three maps are of logits before any softmax, seed 1; a picture's number is the mean cosine of the three pairs."]);
    }

    protected override void Study(RecoveryUnit unit)
    {
        if (unit is { First: 0, Network: { Key: RecoveryNetwork.Small, IsRandom: false } })
            unit.Set("accuracy", 100 * (1 - Evaluation.Run(unit.Open.Engine, SmallVgg.Data(unit.Laboratory).Test, unit.Open.Preprocessing, cancellation: unit.Watch.Cancellation).Error));
        foreach ((PreparedInput input, bool isShown) in unit.Inputs())
        {
            int strongest = unit.Open.Predict(input, unit.Watch.Cancellation).Class;
            (int a, int b) = Others(unit.Open.Classes, strongest);
            if (isShown)
            {
                unit.Show("picture", input.Shown);
                (int Logit, int Place)[] logits = [(strongest, 0), (a, 1), (b, 2)];
                foreach ((int logit, int place) in logits)
                    unit.Set($"logit {place}", logit);
            }

            foreach ((string name, var make) in RecoveryRules.Methods)
            {
                GradientMethod method = make(unit.Open.Engine);
                AttributionResult maps = method.Attribute(input.Tensor, [strongest, a, b], cancellation: unit.Watch.Cancellation);
                unit.Add(name, (Similarity.Cosine(maps.Row(0), maps.Row(1)) + Similarity.Cosine(maps.Row(0), maps.Row(2)) + Similarity.Cosine(maps.Row(1), maps.Row(2))) / 3);
                for (int k = 0; isShown && k < 3; k++)
                    unit.Show($"{method.Name}-{k}", method, maps.Row(k));
            }
        }
    }

    static void Fill(Mosaic sheet, UnitResult found, RecoveryNetwork network)
    {
        foreach (string file in new[] { "saliency", "deconvnet", "guided" })
        {
            if (file == "saliency")
                sheet.Add(found.Pictures["picture"], network.Name);
            else
                sheet.AddGap();
            for (int k = 0; k < 3; k++)
                sheet.Add(found.Pictures[$"{file}-{k}"], $"{file}, logit {found.Numbers[$"logit {k}"]}");
        }
    }
}
