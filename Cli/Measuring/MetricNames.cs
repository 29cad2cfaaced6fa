using System.CommandLine;
using Preimage.Algorithms.Metrics;

namespace Preimage.Cli.Measuring;

/// <summary>How the command line names metrics.</summary>
internal static class MetricNames
{
    const string All = "all";

    /// <summary>The option.</summary>
    /// <param name="standard">What it names where nobody says.</param>
    public static Option<string> Option(string standard = All)
    {
        string[] names = [.. MetricCatalogue.All.Select(m => m.Name)];
        var option = new Option<string>("--metric")
        {
            Description = $"What is measured: {string.Join(", ", names)}; several with commas between, or {All}.", HelpName = "NAME,...", DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            foreach (string name in Split(result.GetRequiredValue(option)).Except(names))
                result.AddError($"--metric {name}: there is no such metric; there are {string.Join(", ", names)}, and {All}.");
        });
        return option;
    }

    /// <summary>The metrics that a text names.</summary>
    public static IReadOnlyList<AttributionMetric> Of(string text) => text == All ? MetricCatalogue.All : [.. Split(text).Distinct().Select(MetricCatalogue.ByName)];

    static string[] Split(string text) => text == All ? [] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
