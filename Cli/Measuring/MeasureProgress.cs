using Preimage.Algorithms.Metrics;
using Preimage.Cli.Output;

namespace Preimage.Cli.Measuring;

/// <summary>Shows how far a measurement is: a bar with the time left on a terminal, and a line for every method and metric that is begun where errors go to a file.</summary>
internal static class MeasureProgress
{
    /// <summary>Runs a measurement.</summary>
    public static MetricTable Run(Func<IProgress<MetricProgress>, MetricTable> work) => Console.IsErrorRedirected || Console.IsOutputRedirected
        ? work(new Lines())
        : ProgressLine.Run("measuring", int.MaxValue, steps => work(new Bar(steps)));

    sealed class Bar(IProgress<int> steps) : IProgress<MetricProgress>
    {
        public void Report(MetricProgress value) => steps.Report((int)(value.Part * int.MaxValue));
    }

    sealed class Lines : IProgress<MetricProgress>
    {
        (string, string) _last;

        public void Report(MetricProgress value)
        {
            if (_last == (value.Metric, value.Method))
                return;
            _last = (value.Metric, value.Method);
            Console.Error.WriteLine($"preimage: {100 * value.Part:F0} %: {value.Metric} of {value.Method}{(value.Left is { } left ? $", {left:h\\:mm\\:ss} left" : "")}");
        }
    }
}
