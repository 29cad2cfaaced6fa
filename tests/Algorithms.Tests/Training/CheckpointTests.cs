using System.Diagnostics;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Tests.Training;

/// <summary>Trainings that are stopped, killed and gone on with end in the same bytes as unbroken ones.</summary>
public sealed class CheckpointTests
{
    const string ChildFolder = "PREIMAGE_TRAINING_FOLDER";

    static readonly TrainingRecipe s_recipe = TrainerTests.s_recipe with { Epochs = 4, Optimiser = new Adam(0.01) };

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(30)]
    public void Cancelled_GoesOnToTheSameBytes(int steps)
    {
        using var folder = new Folder();
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork();
        TrainingResult unbroken = Trainer.Train(network, data, s_recipe);
        using var cancel = new CancellationTokenSource();
        int done = 0;
        var options = new TrainingOptions { Checkpoint = folder["state.npz"], Resume = true };
        var stop = new Told(_ =>
        {
            if (++done == steps)
                cancel.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(network, data, s_recipe, options, stop, cancel.Token));
        Assert.True(File.Exists(options.Checkpoint));
        TrainingResult resumed = Trainer.Train(network, data, s_recipe, options);
        Same(unbroken, resumed);
    }

    [Fact]
    public async Task Killed_GoesOnToTheSameBytes()
    {
        using var folder = new Folder();
        using Process child = Child(folder.Path);
        try
        {
            // Killed where a checkpoint of the middle of an epoch is there.
            for (int i = 0; i < 300 && !child.HasExited && !File.Exists(folder["state.npz"]); i++)
                await Task.Delay(100);
            Assert.True(File.Exists(folder["state.npz"]), "the child left no checkpoint");
        }
        finally
        {
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync();
        }

        Assert.False(File.Exists(folder["done"]), "the child ended before it was killed");
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork();
        (TrainingState state, _) = TrainingCheckpoint.Load(folder["state.npz"], TrainingSettings.Of(network, data, s_recipe));
        Assert.True(state.Epoch > 0 || state.Step > 0);
        Same(Trainer.Train(network, data, s_recipe), Trainer.Train(network, data, s_recipe, new TrainingOptions { Checkpoint = folder["state.npz"], Resume = true }));
    }

    /// <summary>What the child of the test above runs; nothing where no parent says so.</summary>
    [Fact]
    public void Child_TrainsSlowly()
    {
        if (Environment.GetEnvironmentVariable(ChildFolder) is not { Length: > 0 } folder)
            return;
        using Network network = DrawnShapes.SmallNetwork();
        var options = new TrainingOptions { Checkpoint = Path.Combine(folder, "state.npz"), CheckpointSteps = 1 };
        Trainer.Train(network, DrawnShapes.Split(), s_recipe, options, new Told(_ => Thread.Sleep(200)));
        File.WriteAllText(Path.Combine(folder, "done"), "");
    }

    [Fact]
    public void MoreEpochs_GoOnFromFewer()
    {
        using var folder = new Folder();
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork();
        var options = new TrainingOptions { Checkpoint = folder["state.npz"], Resume = true };
        Trainer.Train(network, data, s_recipe with { Epochs = 1 }, options).Network.Dispose();
        TrainingResult longer = Trainer.Train(network, data, s_recipe, options);
        Same(Trainer.Train(network, data, s_recipe), longer);
        Assert.Contains("4 epochs", Assert.Throws<PreimageException>(() => Trainer.Train(network, data, s_recipe with { Epochs = 2 }, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherSettings_AreRefusedByName()
    {
        using var folder = new Folder();
        DataSplit data = DrawnShapes.Split();
        using Network network = DrawnShapes.SmallNetwork(), other = DrawnShapes.SmallNetwork(softmax: false);
        var options = new TrainingOptions { Checkpoint = folder["state.npz"], Resume = true };
        TrainingRecipe recipe = s_recipe with { Epochs = 1 };
        Trainer.Train(network, data, recipe, options).Network.Dispose();
        Refused("its optimiser is 'Adam, rate 0.01", network, data, recipe with { Optimiser = new Adam(0.02) });
        Refused("its seed is '3', not '4'", network, data, recipe with { Seed = 4 });
        Refused("its batch is '7'", network, data, recipe with { Batch = 8 });
        Refused("its training data is 'drawn shapes 1: 60", network, DrawnShapes.Split(59), recipe);
        Refused("its network", other, data, recipe);
        File.WriteAllText(folder["state.npz"], "not an archive");
        Refused("is no checkpoint", network, data, recipe);

        void Refused(string words, Network given, DataSplit on, TrainingRecipe with) =>
            Assert.Contains(words, Assert.Throws<PreimageException>(() => Trainer.Train(given, on, with, options)).Message, StringComparison.Ordinal);
    }

    static void Same(TrainingResult expected, TrainingResult actual)
    {
        using (expected.Network)
        using (actual.Network)
            Assert.Equal(TrainerTests.Bytes(expected.Network), TrainerTests.Bytes(actual.Network));
        Assert.Equal(expected.Curve.Points.Select(p => p with { Seconds = 0 }), actual.Curve.Points.Select(p => p with { Seconds = 0 }));
    }

    static Process Child(string folder)
    {
        string library = typeof(CheckpointTests).Assembly.Location, executable = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null);
        bool own = File.Exists(executable);
        string[] arguments = ["--filter-method", $"*{nameof(Child_TrainsSlowly)}"];
        var start = new ProcessStartInfo(own ? executable : "dotnet", own ? arguments : [library, .. arguments]);
        start.Environment[ChildFolder] = folder;
        return Process.Start(start)!;
    }

    /// <summary>Tells at once, on the thread that works.</summary>
    sealed class Told(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
