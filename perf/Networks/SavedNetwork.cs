using Preimage.Layers;
using Preimage.Layers.Topologies;

namespace Preimage.Perf.Networks;

/// <summary>A well-known network with seeded random weights, and the files its peers read, in a temporary folder.</summary>
internal sealed class SavedNetwork : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("preimage-perf-").FullName;

    /// <summary>Builds and saves.</summary>
    public SavedNetwork(string name)
    {
        Name = name;
        using Network built = Topology.ByName(name);
        built.Save(Model);
        GraphDescription.Save(built, Graph);
        // What is measured is what a user has: a file, mapped.
        Network = Network.Load(Model);
    }

    /// <summary>Those that are measured where nobody names any.</summary>
    public static IReadOnlyList<string> Names { get; } = ["vgg-16", "alexnet", "vgg-m", "tiny-vgg", "squeezenet", "resnet-18"];

    public string Name { get; }

    public Network Network { get; }

    /// <summary>As ONNX.</summary>
    public string Model => Path.Combine(_folder, $"{Name}.onnx");

    /// <summary>As <see cref="GraphDescription"/>.</summary>
    public string Graph => Path.Combine(_folder, $"{Name}.json");

    public void Dispose()
    {
        Network.Dispose();
        Directory.Delete(_folder, true);
    }
}
