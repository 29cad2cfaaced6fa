using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Topologies;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Training;

/// <summary>What the papers' networks learn, by held-out samples: real digits in one epoch, drawn faces by two thirds of the small setting of docs/train.md.</summary>
public sealed class LearningTests
{
    [Fact]
    public void LeNet_LearnsDigitsInAnEpoch()
    {
        DataSplit data = DataSource.Open($"mnist:{ReferenceData.Path("datasets/mnist_idx")}", 0);
        using Network topology = Topology.LeNet();
        TrainingResult result = Trainer.Train(topology, data, TrainingRecipe.LeNet with { Epochs = 1 }, cancellation: TestContext.Current.CancellationToken);
        result.Network.Dispose();
        Assert.InRange(result.Curve.Best.TestError, 0, 0.03);
    }

    [Fact]
    public void TinyVgg_TellsDrawnPersonsApart()
    {
        DataSplit data = DataSource.Open("faces,task=identity,size=64", 0);
        using Network topology = Topology.TinyVgg(0, data.Train.Classes.Count, 3, 64, 64);
        TrainingRecipe recipe = TrainingRecipe.TinyVgg with
        {
            Epochs = 8, Batch = 24, Optimiser = new Adam(0.001), RateFactor = 0.85, Initialiser = Initialiser.He, SubtractsMeanPicture = true,
        };
        TrainingResult result = Trainer.Train(topology, data, recipe, cancellation: TestContext.Current.CancellationToken);
        result.Network.Dispose();
        Assert.InRange(result.Curve.Best.TestError, 0, 0.05);
    }
}
