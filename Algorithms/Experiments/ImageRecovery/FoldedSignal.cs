using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>All layers above the first folded into one signal (equation 8): what arrives at the first ReLU from the arg-max logit, before that ReLU's rule.</summary>
/// <remarks>Where max pooling follows the ReLU at once the signal above the pooling is taken, which the paper's theory does: below it all units that were not picked are zero.</remarks>
internal static class FoldedSignal
{
    const double Range = 4;
    const int Bins = 81, Width = 480, Height = 320;

    /// <summary>The rules by which the signal comes down.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["saliency", "deconvnet", "guided"];

    /// <summary>Notes mean over deviation, skewness and excess kurtosis of the signal, and draws its histogram.</summary>
    public static void Study(Picture photo, Network random, Device device, UnitResult result)
    {
        using Network network = random;
        using Engine engine = network.On(device);
        Node relu = network.Nodes.First(n => n.Layer is Relu), first = relu.Consumers is [{ Layer: MaxPool } pool] ? pool : relu, logits = network.Output;
        using ExecutionPlan plan = engine.Plan(new PlanOptions { Keep = Keep.ForBackward, Observe = [logits.Name], SeedNode = logits.Name, GradientsOf = [first.Name] });
        plan.SetInput(network.Input, RandomSubject.Flat(RandomSubject.Prepare(photo, "photo", network).Tensor));
        plan.Forward();
        var scores = new float[plan.ShapeOf(logits).Count];
        plan.Read(logits, scores);
        var seed = new float[scores.Length];
        seed[Array.IndexOf(scores, scores.Max())] = 1;
        (string, BackwardRule)[] rules = [("saliency", BackwardRule.Gradient), ("deconvnet", BackwardRule.Deconvnet), ("guided", BackwardRule.Guided)];
        foreach ((string method, BackwardRule rule) in rules)
        {
            plan.Backward(seed, rule);
            var signal = new float[plan.GradientShape(first).Count];
            plan.ReadGradient(first, signal);
            Note(method, signal, result);
        }
    }

    static void Note(string method, float[] signal, UnitResult result)
    {
        double mean = signal.Average(v => (double)v), variance = signal.Average(v => (v - mean) * (v - mean)), deviation = Math.Sqrt(variance);
        result.Numbers[$"{method} mean"] = mean / deviation;
        result.Numbers[$"{method} skewness"] = signal.Average(v => Math.Pow((v - mean) / deviation, 3));
        result.Numbers[$"{method} kurtosis"] = signal.Average(v => Math.Pow((v - mean) / deviation, 4)) - 3;
        var counts = new double[Bins];
        foreach (float value in signal)
        {
            double place = ((value - mean) / deviation + Range) / (2 * Range) * Bins;
            if (place >= 0 && place < Bins)
                counts[(int)place]++;
        }

        const double Bin = 2 * Range / Bins;
        double[] at = [.. Enumerable.Range(0, Bins).Select(i => (i + 0.5) * Bin - Range)];
        result.Pictures[method] = new LinePlot { Width = Width, Height = Height }.Add("signal", at, [.. counts.Select(c => c / signal.Length / Bin)])
            .Add("Gaussian", at, [.. at.Select(x => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI))]).Render();
    }
}
