using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Training;

/// <summary>What a classifier makes of a set of labelled pictures.</summary>
public sealed class Evaluation
{
    Evaluation(int[] predictions, double[] losses, double[] confidences, int wrong)
    {
        Predictions = predictions;
        Losses = losses;
        Confidences = confidences;
        Wrong = wrong;
    }

    /// <summary>The class of each sample: the first of the largest logits.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>The probability of that class.</summary>
    public IReadOnlyList<double> Confidences { get; }

    /// <summary>The cross-entropy of each sample in nats: -log p(label).</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>How many predictions are not the label.</summary>
    public int Wrong { get; }

    /// <summary>The part of them, 0 to 1.</summary>
    public double Error => (double)Wrong / Predictions.Count;

    /// <summary>Runs a network over all samples.</summary>
    /// <param name="engine">The network on a device.</param>
    /// <param name="data">The pictures, of the network's size.</param>
    /// <param name="preprocessing">How they become inputs; null for what the model's file says.</param>
    /// <param name="batch">Samples that run at once.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <exception cref="PreimageException">Network and data do not go together, or nobody says how pictures become inputs.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static Evaluation Run(Engine engine, DataSet data, Preprocessing? preprocessing = null, int batch = 32, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(data);
        if (batch < 1)
            throw new PreimageException($"evaluating in batches of {batch}: they must hold at least 1 sample");
        TrainedGraph.Require(engine.Network, new DataSplit(data, data));
        preprocessing ??= Preprocessing.OfModel(engine.Network) ?? throw new PreimageException("the model's file does not say how pictures become its input: give a Preprocessing");
        var reader = new SampleReader(data, preprocessing);
        Node logits = Logits.Of(engine.Network, out _);
        using PlanLoan loan = engine.Rent(new PlanOptions { Batch = batch, Observe = [logits.Name] });
        var pixels = new float[batch * reader.SampleCount];
        var scores = new float[batch * data.Classes.Count];
        (var predictions, var losses, var confidences) = (new int[data.Count], new double[data.Count], new double[data.Count]);
        int wrong = 0;
        for (int first = 0; first < data.Count; first += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(batch, data.Count - first);
            for (int row = 0; row < rows; row++)
                reader.Read(first + row, pixels.AsSpan(row * reader.SampleCount, reader.SampleCount));
            loan.Plan.SetInput(engine.Network.Input, pixels);
            loan.Plan.Forward(cancellation);
            loan.Plan.Read(logits, scores);
            for (int row = 0; row < rows; row++)
            {
                int n = first + row, label = data.Label(n);
                (predictions[n], losses[n], confidences[n]) = Judge(scores.AsSpan(row * data.Classes.Count, data.Classes.Count), label);
                wrong += predictions[n] == label ? 0 : 1;
            }
        }

        return new Evaluation(predictions, losses, confidences, wrong);
    }

    /// <summary>Draws test pictures with what the network says of them: mistakes first, those it is surest of before others.</summary>
    /// <param name="data">The pictures that were evaluated.</param>
    /// <param name="most">Pictures at most.</param>
    public Picture Sheet(DataSet data, int most = 48)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (data.Count != Predictions.Count)
            throw new PreimageException($"a sheet of {Predictions.Count} evaluated samples from {data.Name}, which has {data.Count}");
        var sheet = new Mosaic { Title = string.Create(CultureInfo.InvariantCulture, $"{data.Name}: {Wrong} of {Predictions.Count} wrong"), TileWidth = 96, LabelScale = 1, TitleScale = 2 };
        foreach (int n in Enumerable.Range(0, data.Count).OrderBy(n => Predictions[n] == data.Label(n)).ThenByDescending(n => Confidences[n]).Take(most))
        {
            string said = string.Create(CultureInfo.InvariantCulture, $"{data.Classes[Predictions[n]]} {Confidences[n]:F2}");
            sheet.Add(Planes.Read(data, n), Predictions[n] == data.Label(n) ? said : $"{said}, is {data.Classes[data.Label(n)]}");
        }

        return sheet.Render();
    }

    static (int Prediction, double Loss, double Confidence) Judge(ReadOnlySpan<float> scores, int label)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
        {
            if (scores[c] > scores[best])
                best = c;
        }

        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp((double)score - scores[best]);
        return (best, Math.Log(sum) + scores[best] - scores[label], 1 / sum);
    }
}
