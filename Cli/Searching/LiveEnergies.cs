using System.Globalization;
using Preimage.Algorithms.PreImages;
using Spectre.Console;

namespace Preimage.Cli.Searching;

/// <summary>Shows how far a search is, with its energies and the time left, on a terminal only.</summary>
internal static class LiveEnergies
{
    /// <summary>Runs a search under a bar.</summary>
    public static PreImageResult Run(string title, Func<IProgress<PreImageProgress>?, PreImageResult> search)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            return search(null);
        return AnsiConsole.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title));
            return search(new Line(progress =>
            {
                (task.MaxValue, task.Value) = (progress.Total, progress.Iteration);
                task.Description = Markup.Escape(Text(progress));
            }));
        });
    }

    /// <summary>Iteration, energies, time left.</summary>
    internal static string Text(PreImageProgress progress) => string.Create(CultureInfo.InvariantCulture,
        $"{progress.Iteration}/{progress.Total}  {string.Join("  ", progress.Energies.Select(e => $"{e.Key} {e.Value.ToString("G4", CultureInfo.InvariantCulture)}"))}  {progress.Left.TotalSeconds:F0} s left");

    /// <summary>Reports at once, on the thread that works.</summary>
    sealed class Line(Action<PreImageProgress> report) : IProgress<PreImageProgress>
    {
        public void Report(PreImageProgress value) => report(value);
    }
}
