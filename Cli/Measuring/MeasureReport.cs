using Preimage.Algorithms.Metrics;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Measuring;

/// <summary>Prints a table of metrics: a row for each method, the mean over the images with its interval.</summary>
internal static class MeasureReport
{
    /// <summary>Prints it.</summary>
    public static void Write(MeasureDocument document, MetricTable table, Engine engine, MetricOptions options)
    {
        Facts.Write("model", document.Model.ToString());
        EngineFacts.Write(engine);
        Facts.Write("preprocessing", document.PreprocessingText);
        Facts.Write("images", $"{document.Images.Count}");
        Facts.Write("explained", $"{options.Target}; seed {options.Seed}");
        foreach (IGrouping<string, MetricResult> metric in table.Results.GroupBy(r => r.Metric))
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine($"{metric.Key}: {MetricCatalogue.ByName(metric.Key).Meaning}");
            var rows = new Table(["method", .. metric.First().Series.Select(s => $"{s.Name}{Hint(s.Better)} ")]);
            foreach (MetricResult result in metric)
                rows.Add([result.Method, .. result.Series.Select(MetricTable.Cell)]);
            rows.Write();
        }

        Console.Out.WriteLine();
        if (document.Images.Count > 1)
            Facts.Note($"means over the images, with {100 * options.Confidence:G4} % intervals (Student's); + larger is better, - smaller is better");
        foreach (MetricFailure failure in table.Failures)
            Facts.Note($"{failure.Metric} of {failure.Method}: {failure.Reason}");
    }

    static string Hint(Better better) => better switch { Better.Higher => "+", Better.Lower => "-", _ => "" };
}
