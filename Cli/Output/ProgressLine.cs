using Spectre.Console;

namespace Preimage.Cli.Output;

/// <summary>Shows how far a long command is, on a terminal only.</summary>
internal static class ProgressLine
{
    /// <summary>Runs work under a bar.</summary>
    /// <param name="title">What is done.</param>
    /// <param name="total">Steps there are.</param>
    /// <param name="work">The work; it reports steps done so far.</param>
    public static T Run<T>(string title, int total, Func<IProgress<int>, T> work)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected || total < 2)
            return work(new Steps(_ => { }));
        return AnsiConsole.Progress().AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: total);
            return work(new Steps(done => task.Value = done));
        });
    }

    /// <summary>Reports at once, on the thread that works: <see cref="Progress{T}"/> would report after the end.</summary>
    sealed class Steps(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
