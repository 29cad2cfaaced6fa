using Preimage.Algorithms.Experiments.NaturalPreImages;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>All experiments; a new one is a file and a line here.</summary>
internal static class ExperimentList
{
    /// <summary>The experiments, in the order they are listed.</summary>
    public static IReadOnlyList<Experiment> All { get; } =
    [
    ];

    /// <summary>The experiment of a name.</summary>
    /// <exception cref="PreimageException">There is none; the message lists the names.</exception>
    public static Experiment ByName(string name) => All.FirstOrDefault(e => e.Name == name)
        ?? throw new PreimageException($"there is no experiment '{name}'; there are {string.Join(", ", All.Select(e => e.Name))}");
}
