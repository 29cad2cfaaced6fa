using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Tests.Experiments.Reproduction;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Training;

/// <summary>Networks that experiments train once and share.</summary>
public sealed class TrainedNetworkTests : IDisposable
{
    static readonly TrainingRecipe s_recipe = TrainerTests.s_recipe with { Epochs = 2 };

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Get_TrainsOnceForEachSettings()
    {
        (Network first, int ran) = Get(s_recipe);
        Assert.True(ran > 0);
        (Network second, int again) = Get(s_recipe);
        Assert.Equal(0, again);
        Assert.Equal(TrainerTests.Bytes(first), TrainerTests.Bytes(second));
        (Network other, int anew) = Get(s_recipe with { Seed = 9 });
        Assert.True(anew > 0);
        Assert.NotEqual(TrainerTests.Bytes(first), TrainerTests.Bytes(other));
        // Somebody else's file in the place of the model is trained over.
        File.WriteAllText(_folder["models/key.onnx"], "no model");
        Assert.True(Get(s_recipe).Steps > 0);
        Assert.Equal(["key.lock", "key.onnx"], Directory.GetFiles(_folder["models"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Get_GoesOnWhereItWasStopped()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Get(s_recipe, part =>
        {
            if (part > 0.6)
                stop.Cancel();
        }, stop.Token));
        Assert.Equal(["key.checkpoint.npz", "key.lock"], Directory.GetFiles(_folder["models"]).Select(Path.GetFileName).Order());
        double least = 1;
        (Network resumed, _) = Get(s_recipe, part => least = Math.Min(least, part));
        Assert.True(least > 0.5, $"begun at {least}");
        using Network topology = DrawnShapes.SmallNetwork();
        using Network unbroken = Trainer.Train(topology, DrawnShapes.Split(), s_recipe).Network;
        Assert.Equal(TrainerTests.Bytes(unbroken), TrainerTests.Bytes(resumed));
    }

    [Fact]
    public void Get_OfTwoAtOnceTrainsOnce()
    {
        var steps = new int[2];
        var bytes = new byte[2][];
        Parallel.For(0, 2, i =>
        {
            (Network network, steps[i]) = Get(s_recipe);
            bytes[i] = TrainerTests.Bytes(network);
        });
        Assert.Single(steps, s => s > 0);
        Assert.Equal(bytes[0], bytes[1]);
    }

    (Network Network, int Steps) Get(TrainingRecipe recipe, Action<double>? told = null, CancellationToken cancellation = default)
    {
        using var laboratory = new Laboratory(new ReproductionOptions { Out = _folder.Path, Data = _folder.Path }, new CountingExperiment());
        using Network topology = DrawnShapes.SmallNetwork();
        var counter = new Counter(told);
        return (TrainedNetwork.Get(laboratory, "key", topology, recipe, DrawnShapes.Split(), new UnitWatch(counter, cancellation)), counter.Count);
    }

    sealed class Counter(Action<double>? told) : IProgress<double>
    {
        public int Count { get; private set; }

        public void Report(double value)
        {
            Count++;
            told?.Invoke(value);
        }
    }
}
