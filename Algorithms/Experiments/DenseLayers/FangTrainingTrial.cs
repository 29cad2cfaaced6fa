using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Algorithms.Experiments.DenseLayers;

/// <summary>A training of Tiny VGG under one optimiser.</summary>
/// <remarks>Smaller than the paper's, for two cores: faces of 64 x 64 less their mean, He's weights and ten epochs. From the paper's own start, Glorot's weights and SGD at
/// 0.01 without momentum, the training loss was 4.203 after two epochs on such faces, where log 67 = 4.205 is knowing nothing. Rates are those of short trainings whose
/// training loss fell fastest among a few.</remarks>
/// <param name="Name">The optimiser.</param>
/// <param name="Optimiser">With its settings.</param>
internal sealed record FangTrainingTrial(string Name, Optimiser Optimiser)
{
    const int Epochs = 10;

    /// <summary>SGD first.</summary>
    public static IReadOnlyList<FangTrainingTrial> All { get; } = [new("SGD", new Sgd(0.01, 0.9)), new("Adam", new Adam(0.001)), new("AdaGrad", new AdaGrad(0.005))];

    /// <summary>The unit's name.</summary>
    public string Key => ExperimentUnit.KeyOf("optimiser", Name);

    /// <summary>The training as a unit of work, which goes on from its checkpoint where it was stopped.</summary>
    public ExperimentUnit Unit(Laboratory laboratory)
    {
        TrainingRecipe recipe = Recipe(laboratory);
        return new ExperimentUnit(Key, new Dictionary<string, string> { ["network"] = "Tiny VGG", ["recipe"] = $"{recipe}" }, watch => Run(laboratory, recipe, watch));
    }

    TrainingRecipe Recipe(Laboratory laboratory) => TrainingRecipe.TinyVgg with
    {
        Epochs = laboratory.Options.Iterations ?? Epochs, Batch = 24, Optimiser = Optimiser, Initialiser = Initialiser.He, Shuffle = ShuffleKind.EachEpoch, SubtractsMeanPicture = true,
        Seed = laboratory.Options.Seed,
    };

    UnitResult Run(Laboratory laboratory, TrainingRecipe recipe, UnitWatch watch)
    {
        DataSplit data = DataSource.Open(laboratory.Samples!, laboratory.Options.Seed);
        Shape sample = data.Train.SampleShape;
        using Network topology = Topology.TinyVgg(0, data.Train.Classes.Count, sample.C, sample.H, sample.W);
        TrainingResult trained = TrainedNetwork.Train(laboratory, $"fang-training-{Key}", topology, recipe, data, watch);
        trained.Network.Dispose();
        LearningCurve curve = trained.Curve;
        return new UnitResult
        {
            Series = new()
            {
                ["train error"] = [.. curve.Points.Select(p => p.TrainError)], ["train loss"] = [.. curve.Points.Select(p => p.TrainLoss)],
                ["test error"] = [.. curve.Points.Select(p => p.TestError)], ["test loss"] = [.. curve.Points.Select(p => p.TestLoss)],
            },
            Notes =
            [
                $"Trained on {data.Train.Name}, SGD with momentum 0.9. The paper: photos of 224x224, batches of 12 in one order, SGD at 0.01 without momentum from Glorot's weights, 100 epochs.",
            ],
        };
    }
}
