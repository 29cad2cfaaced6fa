using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Cli.Training;

/// <summary>What <c>train --network</c> names: a topology that takes the data's size, or a file.</summary>
/// <param name="Network">The network.</param>
/// <param name="Recipe">How it is trained where nobody says.</param>
/// <param name="Name">A word for it.</param>
internal sealed record TrainedTopology(Network Network, TrainingRecipe Recipe, string Name) : IDisposable
{
    /// <summary>Makes it.</summary>
    /// <exception cref="UsageException">There is no such network.</exception>
    /// <exception cref="PreimageException">The data do not fit it.</exception>
    public static TrainedTopology Of(string name, DataSet data)
    {
        (int classes, Shape sample) = (data.Classes.Count, data.SampleShape);
        return name switch
        {
            "lenet" => new(Topology.LeNet(0, classes, sample.C, sample.H, sample.W), TrainingRecipe.LeNet, name),
            "tiny-vgg" => new(Topology.TinyVgg(0, classes, sample.C, sample.H, sample.W), TrainingRecipe.TinyVgg, name),
            _ when File.Exists(name) => Loaded(name),
            _ => throw new UsageException($"there is no network '{name}': lenet, tiny-vgg, or a model file"),
        };
    }

    static TrainedTopology Loaded(string path)
    {
        Network network = Network.Load(path);
        // What was learnt is kept, and followed gently.
        var recipe = new TrainingRecipe { Initialiser = Initialiser.Keep, Optimiser = new Sgd(0.001, 0.9), Preprocessing = Preprocessing.OfModel(network) ?? Preprocessing.Unit };
        return new TrainedTopology(network, recipe, Path.GetFileNameWithoutExtension(path));
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
