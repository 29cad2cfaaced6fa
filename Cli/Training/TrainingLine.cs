using System.Globalization;
using Preimage.Algorithms.Training;
using Spectre.Console;

namespace Preimage.Cli.Training;

/// <summary>Shows how far a training is: a bar with loss, speed and time left on a terminal, and a line for every epoch where errors go to a file.</summary>
internal static class TrainingLine
{
    /// <summary>Runs a training.</summary>
    public static TrainingResult Run(string title, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            return train(new Lines());
        return AnsiConsole.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: 1);
            return train(new Bar(progress =>
            {
                task.Value = progress.Part;
                task.Description = Markup.Escape(Text(progress));
            }));
        });
    }

    /// <summary>Epoch, step, loss, speed, the last epoch's test error, time left.</summary>
    internal static string Text(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {p.Epoch}/{p.Epochs}  step {p.Step}/{p.Steps}  loss {p.Loss:G4}  {p.ImagesPerSecond:F0} images/s{(p.Last is { } last ? $"  test error {100 * last.TestError:F2} %" : "")}  {p.Left:h\\:mm\\:ss} left");

    /// <summary>Reports at once, on the thread that works.</summary>
    sealed class Bar(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    sealed class Lines : IProgress<TrainingProgress>
    {
        int _told;

        public void Report(TrainingProgress value)
        {
            if (value.Last is not { } last || last.Epoch == _told)
                return;
            // What a checkpoint held is not news.
            bool news = _told > 0 || last.Epoch == value.Epoch;
            _told = last.Epoch;
            if (!news)
                return;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"preimage: epoch {last.Epoch} of {value.Epochs}: loss {last.TrainLoss:G4}, test error {100 * last.TestError:F2} %, {last.Seconds:F1} s, {value.Left:h\\:mm\\:ss} left"));
        }
    }
}
