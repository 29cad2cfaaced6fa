using System.Diagnostics;
using System.Globalization;
using Preimage.Algorithms.Gallery.Building;
using Spectre.Console;

namespace Preimage.Cli.Showing;

/// <summary>Shows how far a gallery is: a bar with what is being done and the time left on a terminal, and a line for every step where errors go to a file.</summary>
internal static class GalleryLine
{
    /// <summary>Makes a gallery.</summary>
    public static T Run<T>(Func<IProgress<GalleryProgress>, T> make)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            return make(new Lines());
        return AnsiConsole.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).Start(context =>
        {
            ProgressTask task = context.AddTask("starting", maxValue: 1);
            return make(new Bar(progress =>
            {
                // The time left is an estimate, which may grow; a bar that goes back tells nobody anything.
                task.Value = Math.Max(task.Value, progress.Part);
                task.Description = Markup.Escape(Text(progress));
            }));
        });
    }

    /// <summary>What is done, and the time left.</summary>
    internal static string Text(GalleryProgress progress) => string.Create(CultureInfo.InvariantCulture, $"{progress.Doing}, about {Math.Ceiling(progress.Left.TotalSeconds):F0} s left");

    /// <summary>Reports at once, on the thread that works.</summary>
    sealed class Bar(Action<GalleryProgress> report) : IProgress<GalleryProgress>
    {
        public void Report(GalleryProgress value) => report(value);
    }

    sealed class Lines : IProgress<GalleryProgress>
    {
        readonly Stopwatch _clock = Stopwatch.StartNew();
        string _doing = "";

        public void Report(GalleryProgress value)
        {
            if (value.Doing == _doing)
                return;
            _doing = value.Doing;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"preimage: {_clock.Elapsed.TotalSeconds:F1} s: {Text(value)}"));
        }
    }
}
