
namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>What a run left.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Ran">Units that ran.</param>
/// <param name="Found">Units of the run that were done before.</param>
/// <param name="Missing">Units of the experiment that are still to be done, by this or other runs.</param>
/// <param name="Rows">The experiment's numbers; empty while units are missing.</param>
/// <param name="Notes">What a reader has to know.</param>
/// <param name="Files">Files of the whole experiment: results.json, a page, and a figure where there is one; empty while units are missing.</param>
public sealed record ReproductionResult(
    string Experiment, int Ran, int Found, int Missing, IReadOnlyList<ResultRow> Rows, IReadOnlyList<string> Notes, IReadOnlyList<string> Files)
{
    /// <summary>Whether all units were there, so that the results could be made.</summary>
    public bool IsComplete => Missing == 0;
}

/// <summary>An experiment that can be repeated.</summary>
/// <param name="Name">The name it is asked for by.</param>
/// <param name="Shows">What it shows, in a sentence.</param>
public sealed record ExperimentDescription(string Name, string Shows);
