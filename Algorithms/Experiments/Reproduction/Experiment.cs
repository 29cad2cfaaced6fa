using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>A table or figure of the paper, made again: units of work that know nothing of each other, and what is made of their results.</summary>
/// <remarks>A new experiment is one file and a line in <see cref="ExperimentList"/>.</remarks>
internal abstract class Experiment
{
    /// <summary>The name it is asked for by, such as mv-table5.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows, in a sentence.</summary>
    public abstract string Shows { get; }

    /// <summary>Pictures it takes where nobody says how many.</summary>
    public virtual int Pictures => 1;

    /// <summary>Pictures it takes of the owner's folder where nobody says how many: as many as the paper.</summary>
    public virtual int PaperPictures => 1;

    /// <summary>Whether it is about networks with weights: a model and nodes can be given.</summary>
    public virtual bool TakesModels => true;

    /// <summary>The data set it takes where nobody names one, as a text such as <c>faces,task=emotion</c>; null for an experiment on pictures.</summary>
    /// <param name="data">The reference folder, or null.</param>
    public virtual string? SamplesOf(string? data) => null;

    /// <summary>All units, always in the same order.</summary>
    public abstract IEnumerable<ExperimentUnit> Units(Laboratory laboratory);

    /// <summary>What the results of all units amount to.</summary>
    public abstract ExperimentReport Report(Laboratory laboratory, UnitResults results);
}

/// <summary>A piece of work whose result depends on nothing but its settings.</summary>
/// <param name="Key">Its name, unlike all others of the experiment; letters, digits, '.', '-' and '_'.</param>
/// <param name="Settings">What the result depends on beside the experiment's name, the seed and the iterations: model, picture, node...</param>
/// <param name="Run">Does it.</param>
internal sealed record ExperimentUnit(string Key, IReadOnlyDictionary<string, string> Settings, Func<UnitWatch, UnitResult> Run)
{
    /// <summary>Makes a key of words: what a file name should not have becomes '-'.</summary>
    public static string KeyOf(params ReadOnlySpan<string> words)
    {
        var clean = new string[words.Length];
        for (int i = 0; i < words.Length; i++)
            clean[i] = string.Concat(words[i].Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-'));
        return string.Join('_', clean);
    }
}

/// <summary>How a unit tells how far it is, and hears that it is not wanted any more.</summary>
/// <param name="Progress">Takes the part done, 0 to 1.</param>
/// <param name="Cancellation">Stops it.</param>
internal sealed record UnitWatch(IProgress<double>? Progress, CancellationToken Cancellation);

/// <summary>What an experiment found.</summary>
/// <param name="Rows">Its numbers beside the paper's.</param>
/// <param name="Figure">The figure, or null.</param>
/// <param name="Notes">What a reader has to know.</param>
internal sealed record ExperimentReport(IReadOnlyList<ResultRow> Rows, Picture? Figure, IReadOnlyList<string> Notes);
