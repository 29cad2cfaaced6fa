using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>The network that the demonstration trains, on faces that the program draws.</summary>
internal static class DemoNetwork
{
    /// <summary>The faces: of persons few enough to be learnt in seconds.</summary>
    public const string Data = "faces,task=identity,size=64,persons=10";

    /// <summary>How sure the network should be of a face that is explained.</summary>
    const double Sure = 0.9;

    /// <summary>How it learns: all of it can be said on the command line, so that <see cref="TrainCommand"/> makes the same network.</summary>
    public static TrainingRecipe Recipe(ulong seed) => TrainingRecipe.TinyVgg with
    {
        Epochs = 12, Batch = 24, Optimiser = new Adam(0.001), RateFactor = 0.85, Initialiser = Initialiser.He, SubtractsMeanPicture = true, Seed = seed,
    };

    /// <summary>The command line that trains the same network.</summary>
    public static string TrainCommand(ulong seed, string model) => CommandText.Of(
        "preimage", "train", "--network", "tiny-vgg", "--data", Data, "--epochs", "12", "--batch", "24", "--optimiser", "adam", "--rate", "0.001", "--rate-factor", "0.85",
        "--initialiser", "he", "--subtract-mean", "--seed", $"{seed}", "--device", "cpu", "--out", CommandText.File(model));

    /// <summary>Trains it, always on the processor, so that the same seed gives the same network wherever it is looked at.</summary>
    public static TrainingResult Train(DataSplit data, ulong seed, IProgress<double> parts, CancellationToken cancellation)
    {
        Shape sample = data.Train.SampleShape;
        using Network topology = Topology.TinyVgg(0, data.Train.Classes.Count, sample.C, sample.H, sample.W);
        return Trainer.Train(topology, data, Recipe(seed), null, new Relay<TrainingProgress>(parts, p => p.Part), cancellation);
    }

    /// <summary>Test pictures of different persons that the network tells right, those first whose class it gives nine tenths: where it is quite sure, other classes have nothing to be explained by.</summary>
    /// <param name="data">The test half.</param>
    /// <param name="evaluation">What the network says of it.</param>
    /// <param name="count">How many are wanted.</param>
    public static int[] Faces(DataSet data, Evaluation evaluation, int count) =>
    [
        .. Enumerable.Range(0, data.Count).Where(n => evaluation.Predictions[n] == data.Label(n)).OrderBy(n => Math.Abs(evaluation.Confidences[n] - Sure)).ThenBy(n => n)
            .DistinctBy(data.Label).Take(count),
    ];
}
