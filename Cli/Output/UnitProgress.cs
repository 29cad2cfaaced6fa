using System.Diagnostics;
using Preimage.Algorithms.Experiments.Reproduction;

namespace Preimage.Cli.Output;

/// <summary>Shows how far an experiment is: a bar with the time left on a terminal, and a line for every unit that is done where errors go to a file.</summary>
internal static class UnitProgress
{
    /// <summary>Runs an experiment.</summary>
    public static ReproductionResult Run(string title, Func<IProgress<ReproductionProgress>, ReproductionResult> work)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
            return work(new Lines());
        // How many units there are is known when the first one reports.
        return ProgressLine.Run(title, int.MaxValue, steps => work(new Bar(steps)));
    }

    sealed class Bar(IProgress<int> steps) : IProgress<ReproductionProgress>
    {
        public void Report(ReproductionProgress value) => steps.Report((int)((value.Done + value.Part) / value.Total * int.MaxValue));
    }

    sealed class Lines : IProgress<ReproductionProgress>
    {
        readonly Stopwatch _clock = Stopwatch.StartNew();
        int? _first;
        int _last = -1;

        public void Report(ReproductionProgress value)
        {
            // Units found done come at once and say nothing about the speed.
            _first ??= value.Done;
            if (value.Part > 0 || value.Done == _last || value.Done == 0)
                return;
            _last = value.Done;
            int ran = value.Done - _first.Value;
            TimeSpan left = ran > 0 ? _clock.Elapsed / ran * (value.Total - value.Done) : TimeSpan.Zero;
            Console.Error.WriteLine($"preimage: {value.Done} of {value.Total}: {value.Unit}{(ran > 0 && value.Done < value.Total ? $", {left:h\\:mm\\:ss} left" : "")}");
        }
    }
}
