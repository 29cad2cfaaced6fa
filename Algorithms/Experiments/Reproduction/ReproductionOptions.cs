using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>How an experiment is repeated.</summary>
public sealed record ReproductionOptions
{
    /// <summary>The folder that gets the results; made where it is not there.</summary>
    public required string Out { get; init; }

    /// <summary>A model file that takes the place of all networks of the experiment; null for its own.</summary>
    public string? Model { get; init; }

    /// <summary>How pictures become the model's input; null for what its file says, or a guess.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>A folder of pictures; null for the experiment's own.</summary>
    public string? Images { get; init; }

    /// <summary>Pictures at most, in the order of their names; null for as many as the experiment takes.</summary>
    public int? Count { get; init; }

    /// <summary>The folder of reference models and photos; null looks for it: see <see cref="ReferenceFolder"/>.</summary>
    public string? Data { get; init; }

    /// <summary>The data set of an experiment that takes one, as a text such as <c>faces,size=224</c> or <c>rafd:DIR</c>; null for the experiment's own.</summary>
    public string? Samples { get; init; }

    /// <summary>The nodes; empty for the experiment's own.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Iterations of the first phase, at least 1; null for the paper's. A second phase is shortened with it.</summary>
    public int? Iterations { get; init; }

    /// <summary>What all noise, jitter and random weights are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to run.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The units that this run does.</summary>
    public Shard Shard { get; init; } = Shard.All;

    /// <summary>Runs nothing: only makes the results of units that are all there.</summary>
    public bool MergeOnly { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Unit">The key of the unit that runs, or ran last.</param>
/// <param name="Done">Units of the run that are done, those found done among them.</param>
/// <param name="Total">Units of the run.</param>
/// <param name="Part">How much of the current unit is done, 0 to 1.</param>
public readonly record struct ReproductionProgress(string Unit, int Done, int Total, double Part);
