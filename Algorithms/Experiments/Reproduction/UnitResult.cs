using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>What a unit of work found.</summary>
internal sealed class UnitResult
{
    /// <summary>Numbers by name.</summary>
    public Dictionary<string, double> Numbers { get; init; } = [];

    /// <summary>Rows of numbers by name, such as a trace of energies.</summary>
    public Dictionary<string, double[]> Series { get; init; } = [];

    /// <summary>Pictures by name.</summary>
    public Dictionary<string, Picture> Pictures { get; init; } = [];

    /// <summary>What a reader has to know.</summary>
    public List<string> Notes { get; init; } = [];
}

/// <summary>The results of all units of an experiment, by key.</summary>
/// <param name="results">A result for every key.</param>
internal sealed class UnitResults(IReadOnlyDictionary<string, UnitResult> results)
{
    /// <summary>The result of a unit.</summary>
    public UnitResult this[string key] => results[key];

    /// <summary>A number of a unit.</summary>
    public double Number(string key, string name) => results[key].Numbers[name];

    /// <summary>All notes, each once.</summary>
    public IEnumerable<string> Notes => results.Values.SelectMany(r => r.Notes).Distinct();
}
