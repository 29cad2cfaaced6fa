using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>Networks that experiments train: OUT/models/KEY.onnx, trained by the first unit that asks for it and loaded by all others.</summary>
internal static class TrainedNetwork
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Loads a trained network, or trains it.</summary>
    /// <remarks>
    /// The file says what it was trained with, and one of other settings is trained anew. A training that was stopped goes on where its checkpoint stands. Machines that
    /// share the folder share the work: one trains under a lock, the others wait for its file, which appears at once or not at all.
    /// </remarks>
    /// <param name="laboratory">The folder and the device.</param>
    /// <param name="key">The file's name without its ending; letters, digits, '.', '-' and '_'.</param>
    /// <param name="topology">What is trained; it stays as it is.</param>
    /// <param name="recipe">How.</param>
    /// <param name="data">On what.</param>
    /// <param name="watch">Hears of the part of the training that is done.</param>
    /// <returns>The network, which the caller disposes; its metadata say how pictures become its input.</returns>
    /// <exception cref="PreimageException">Network, data and recipe do not go together, or the training failed.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for; the training can be gone on with.</exception>
    public static Network Get(Laboratory laboratory, string key, Network topology, TrainingRecipe recipe, DataSplit data, UnitWatch watch)
    {
        string folder = Folder(laboratory), path = Path.Combine(folder, $"{key}.onnx");
        string settings = TrainingSettings.Json(TrainingSettings.Of(topology, data, recipe), recipe.Epochs);
        while (true)
        {
            watch.Cancellation.ThrowIfCancellationRequested();
            if (Find(path, settings) is { } found)
                return found;
            using FileStream? turn = Lock(Path.Combine(folder, $"{key}.lock"));
            if (turn is null)
            {
                watch.Cancellation.WaitHandle.WaitOne(s_patience);
                continue;
            }

            // Whoever had the lock before may have left the file just now.
            if (Find(path, settings) is { } left)
                return left;
            using (Network trained = Train(laboratory, key, topology, recipe, data, watch).Network)
                trained.Save(path);
            File.Delete(Checkpoint(folder, key));
        }
    }

    /// <summary>Trains a network for one unit alone, from the checkpoint of KEY where there is one.</summary>
    /// <inheritdoc cref="Get"/>
    /// <returns>How it went; the caller disposes the network.</returns>
    public static TrainingResult Train(Laboratory laboratory, string key, Network topology, TrainingRecipe recipe, DataSplit data, UnitWatch watch)
    {
        string checkpoint = Checkpoint(Folder(laboratory), key);
        var options = new TrainingOptions { Checkpoint = checkpoint, Resume = IsOf(checkpoint, TrainingSettings.Of(topology, data, recipe), recipe.Epochs), Device = laboratory.Options.Device };
        return Trainer.Train(topology, data, recipe, options, new Parts(watch), watch.Cancellation);
    }

    static string Folder(Laboratory laboratory) => Directory.CreateDirectory(Path.Combine(laboratory.Options.Out, "models")).FullName;

    static string Checkpoint(string folder, string key) => Path.Combine(folder, $"{key}.checkpoint.npz");

    static bool IsOf(string checkpoint, IReadOnlyList<(string Name, string Value)> settings, int epochs)
    {
        if (!File.Exists(checkpoint))
            return false;
        try
        {
            return TrainingCheckpoint.Load(checkpoint, settings).State.Epoch <= epochs;
        }
        catch (PreimageException)
        {
            // Of other settings, or damaged: the experiment is of these.
            return false;
        }
    }

    static Network? Find(string path, string settings)
    {
        if (!File.Exists(path))
            return null;
        Network? network = null;
        try
        {
            // A copy: another run may put a newer file in its place.
            network = Network.Load(path, new LoadOptions { Copy = true });
        }
        catch (ModelException)
        {
            // Somebody else's file, or a damaged one: it is trained again.
        }

        if (network?.Metadata.Properties.GetValueOrDefault(TrainingSettings.Property) == settings)
            return network;
        network?.Dispose();
        return null;
    }

    static FileStream? Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reports at once, on the thread that works.</summary>
    sealed class Parts(UnitWatch watch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => watch.Progress?.Report(value.Part);
    }
}
