using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Algorithms.Metrics;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.ImageRecovery;

/// <summary>The rules that turn the paper's words into verdicts, fixed before any run.</summary>
/// <remarks>A map that is zero everywhere is NaN here: it says nothing, is left out of means and is counted. Where fewer than nine in ten maps have a signal nothing is said of a method.</remarks>
internal static class RecoveryRules
{
    /// <summary>The cosine from which on maps count as the same.</summary>
    public const double Same = 0.8;

    /// <summary>The cosine up to which maps count as different.</summary>
    public const double Different = 0.5;

    /// <summary>How much more alike the maps of guided backpropagation must be than those of saliency.</summary>
    public const double Margin = 0.3;

    /// <summary>The part of maps that must have a signal.</summary>
    const double Valid = 0.9;

    /// <summary>The paper's three methods.</summary>
    public static IReadOnlyList<(string Name, Func<Engine, GradientMethod> Make)> Methods { get; } =
        [("saliency", e => new Saliency(e)), ("DeconvNet", e => new DeconvNet(e)), ("guided backpropagation", e => new GuidedBackprop(e))];

    /// <summary>Whether enough of the values are there.</summary>
    public static bool IsTestable(IReadOnlyList<double> values) => values.Count > 0 && values.Count(v => !double.IsNaN(v)) >= Valid * values.Count;

    /// <summary>A claim about the mean of values.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="claim">What the paper says, with the bar.</param>
    /// <param name="values">One for each picture, NaN where there was no signal.</param>
    /// <param name="unit">Their unit.</param>
    /// <param name="holds">The rule on the mean; null where nothing is claimed of this network.</param>
    public static ResultRow Claim(string name, string claim, IReadOnlyList<double> values, string unit, Func<double, bool>? holds)
    {
        bool testable = IsTestable(values);
        double mean = Interval.Of(values).Mean;
        return ResultRow.Claim($"{name} {Spread(values)}{(testable ? "" : ": not testable")}", claim, mean, unit, testable ? holds?.Invoke(mean) : null);
    }

    /// <summary>The interval and how many values there are, in words.</summary>
    public static string Spread(IReadOnlyList<double> values)
    {
        Interval interval = Interval.Of(values);
        string maps = interval.Count == values.Count ? $"{interval.Count} values" : $"{interval.Count} of {values.Count} values, the others without signal";
        return interval.Count < 2 ? $"({maps})" : string.Create(CultureInfo.InvariantCulture, $"(95 %: {interval.Low:g3} to {interval.High:g3}, {maps})");
    }
}
