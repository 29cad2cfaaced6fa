using System.Diagnostics;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>The tables and figures of the papers behind this library, made again.</summary>
/// <remarks>
/// An experiment is a list of units of work. Each leaves a file; a run does the units whose files are not there, or are of other settings, so that a run that was
/// stopped goes on, and several machines with one folder share the work (<see cref="Shard"/>). Whoever finds all units done makes the results.
/// </remarks>
public static class PaperExperiments
{
    /// <summary>All experiments.</summary>
    public static IReadOnlyList<ExperimentDescription> All { get; } = [.. ExperimentList.All.Select(e => new ExperimentDescription(e.Name, e.Shows))];

    /// <summary>Runs the units of an experiment that are not done, and makes its results when none is missing.</summary>
    /// <param name="name">The experiment.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told at every step of every unit, on the thread that works.</param>
    /// <param name="cancellation">Stops the run; units that are done stay.</param>
    /// <exception cref="PreimageException">There is no such experiment, its settings do not fit, or <see cref="ReproductionOptions.MergeOnly"/> is asked for and units are missing.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static ReproductionResult Run(
        string name, ReproductionOptions options, IProgress<ReproductionProgress>? progress = null, CancellationToken cancellation = default) =>
        Run(ExperimentList.ByName(name), options, progress, cancellation);

    internal static ReproductionResult Run(
        Experiment experiment, ReproductionOptions options, IProgress<ReproductionProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Iterations is < 1)
            throw new PreimageException($"reproducing {experiment.Name} with {options.Iterations} iterations: there must be at least 1");
        if (options.Count is < 1)
            throw new PreimageException($"reproducing {experiment.Name} on {options.Count} pictures: there must be at least 1");
        if (!experiment.TakesModels && (options.Model is not null || options.Nodes.Count > 0))
            throw new PreimageException($"{experiment.Name} is about image descriptors or pooling, which have no weights, or about networks it makes itself: a model or a node cannot be given");
        if (options.Samples is not null && experiment.SamplesOf(null) is null)
            throw new PreimageException($"{experiment.Name} is about pictures: a data set ('{options.Samples}') cannot be given");
        using var laboratory = new Laboratory(options, experiment);
        var units = List(experiment, laboratory);
        var folder = new UnitFolder(options.Out);
        int ran = 0, found = 0;
        if (!options.MergeOnly)
            (ran, found) = Work(experiment, laboratory, folder, units, progress, cancellation);

        var missing = units.Where(u => !folder.Has(u.Unit.Key, u.Settings)).Select(u => u.Unit.Key).ToList();
        if (missing.Count > 0)
        {
            return options.MergeOnly
                ? throw new PreimageException($"{missing.Count} of {units.Count} units of {experiment.Name} are not in {options.Out}, first {missing[0]}: run them, with these settings")
                : new ReproductionResult(experiment.Name, ran, found, missing.Count, [], [], []);
        }

        ExperimentReport report = experiment.Report(laboratory, new UnitResults(units.ToDictionary(u => u.Unit.Key, u => folder.Read(u.Unit.Key, u.Settings))));
        report = report with { Notes = [.. laboratory.Notes, .. report.Notes] };
        var origins = units.ConvertAll(u => folder.Origin(u.Unit.Key, u.Settings));
        var settings = new SortedDictionary<string, string>(laboratory.Describe(), StringComparer.Ordinal)
        {
            ["device"] = string.Join(", ", origins.Select(o => o.Device).Distinct().Order(StringComparer.Ordinal)),
        };
        IReadOnlyList<string> files = ResultFiles.Write(options.Out, experiment, settings, report, units.Count, origins.Sum(o => o.Seconds));
        return new ReproductionResult(experiment.Name, ran, found, 0, report.Rows, report.Notes, files);
    }

    static List<(ExperimentUnit Unit, Dictionary<string, string> Settings)> List(Experiment experiment, Laboratory laboratory)
    {
        var units = new List<(ExperimentUnit, Dictionary<string, string>)>();
        var keys = new HashSet<string>();
        foreach (ExperimentUnit unit in experiment.Units(laboratory))
        {
            if (!keys.Add(unit.Key))
                throw new PreimageException($"two units of {experiment.Name} are called {unit.Key}: do two pictures or nodes have names that differ in signs only?");
            units.Add((unit, laboratory.Complete(unit.Settings)));
        }

        return units.Count > 0 ? units : throw new PreimageException($"{experiment.Name} has nothing to do with these settings");
    }

    static (int Ran, int Found) Work(
        Experiment experiment, Laboratory laboratory, UnitFolder folder, List<(ExperimentUnit Unit, Dictionary<string, string> Settings)> units,
        IProgress<ReproductionProgress>? progress, CancellationToken cancellation)
    {
        var mine = units.Where((_, i) => laboratory.Options.Shard.Holds(i)).ToList();
        int ran = 0, found = 0;
        foreach ((ExperimentUnit unit, Dictionary<string, string> settings) in mine)
        {
            cancellation.ThrowIfCancellationRequested();
            if (folder.Has(unit.Key, settings))
            {
                found++;
            }
            else
            {
                int done = ran + found;
                var clock = Stopwatch.StartNew();
                UnitResult result = unit.Run(new UnitWatch(
                    progress is null ? null : new Steps(part => progress.Report(new ReproductionProgress(unit.Key, done, mine.Count, part))), cancellation));
                folder.Write(experiment.Name, unit.Key, settings, laboratory.Options.Device, clock.Elapsed, result);
                ran++;
            }

            progress?.Report(new ReproductionProgress(unit.Key, ran + found, mine.Count, 0));
        }

        return (ran, found);
    }

    /// <summary>Reports at once, on the thread that works.</summary>
    sealed class Steps(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
