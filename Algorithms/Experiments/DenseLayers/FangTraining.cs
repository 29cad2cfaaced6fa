using System.Globalization;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>What Fang 2017 says of training: Adam and AdaGrad bring nothing over gradient descent, and deeper networks do not learn because their gradients vanish.</summary>
/// <remarks>
/// <para>Rules, fixed before the first run. Optimisers: another one brings something if its best test error is more than one percentage point below that of SGD. Depth: gradients
/// vanish if the median over layers of the norm of a layer's weight gradient over the norm of its weights, at the paper's initial weights, is at most a tenth of Tiny
/// VGG's.</para>
/// <para>Smaller than the paper's, for two cores: see <see cref="FangTrainingTrial"/>. <c>--iterations</c> is the number of epochs.</para>
/// </remarks>
internal sealed class FangTraining(IReadOnlyList<FangDepth> networks) : Experiment
{
    /// <summary>Percentage points of test error that count as something.</summary>
    const double Something = 1;

    /// <summary>The part of Tiny VGG's gradient below which one has vanished.</summary>
    const double Vanished = 0.1;

    /// <summary>The experiment on the networks the paper names.</summary>
    public FangTraining() : this(FangDepth.All)
    {
    }

    public override string Name => "fang-training";

    public override string Shows => "Fig 5 and section 3 of Fang 2017: the error of Tiny VGG by epoch under SGD, Adam and AdaGrad, and the gradients of Tiny VGG, VGG-16 and VGG-19 at the start.";

    public override bool TakesModels => false;

    public override string SamplesOf(string? data) => "faces,task=identity,size=64";

    public override IEnumerable<ExperimentUnit> Units(Laboratory laboratory) =>
        [.. FangTrainingTrial.All.Select(t => t.Unit(laboratory)), .. networks.Select(n => n.Unit(laboratory))];

    public override ExperimentReport Report(Laboratory laboratory, UnitResults results)
    {
        var rows = new List<ResultRow>();
        var errors = new LinePlot { Title = "Test error by optimiser", XLabel = "epoch", YLabel = "error, %" };
        double sgd = double.NaN;
        foreach (FangTrainingTrial trial in FangTrainingTrial.All)
        {
            double[] test = [.. results[trial.Key].Series["test error"].Select(e => 100 * e)], train = results[trial.Key].Series["train error"];
            errors.Add(trial.Name, [.. Enumerable.Range(1, test.Length).Select(e => (double)e)], test);
            double best = test.Min();
            rows.Add(ResultRow.Measured($"{trial.Name}: best test error in {test.Length} epochs", best, "%"));
            rows.Add(ResultRow.Measured($"{trial.Name}: training error of the last epoch", 100 * train[^1], "%"));
            if (double.IsNaN(sgd))
                sgd = best;
            else
                rows.Add(ResultRow.Claim($"{trial.Name}: test error below SGD's", $"brings nothing (at most {Something} point)", sgd - best, "points", sgd - best <= Something));
        }

        var gradients = new LinePlot { Title = "Gradient over weights, by layer, at the start", XLabel = "layer", YLabel = "norm of gradient / norm of weights", LogY = true };
        double tiny = double.NaN;
        foreach (FangDepth network in networks)
        {
            double[] relative = results[network.Key].Series["gradient over weights"], norms = results[network.Key].Series["gradient"];
            gradients.Add(network.Name, [.. Enumerable.Range(1, relative.Length).Select(l => (double)l)], relative);
            double median = Median(relative);
            rows.Add(ResultRow.Measured($"{network.Name}: norm of the gradient at the first layer", norms[0], ""));
            rows.Add(ResultRow.Measured($"{network.Name}: norm of the gradient at the last layer", norms[^1], ""));
            rows.Add(ResultRow.Measured($"{network.Name}: gradient over weights, median of {relative.Length} layers", median, ""));
            if (double.IsNaN(tiny))
                tiny = median;
            else
                rows.Add(ResultRow.Claim($"{network.Name}: that median over {networks[0].Name}'s", string.Create(CultureInfo.InvariantCulture, $"vanishes (at most {Vanished})"), median / tiny, "", median <= Vanished * tiny));
        }

        var sheet = new Mosaic { Columns = 1, Title = Name };
        sheet.Add(errors.Render()).Add(gradients.Render());
        return new ExperimentReport(rows, sheet.Render(), [.. results.Notes]);
    }

    static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
