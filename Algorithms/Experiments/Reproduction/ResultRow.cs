using System.Globalization;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>A number, or a trend of several, beside what the paper says of it.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Paper">What the paper says: a number with its standard deviation, or a claim in words; empty where it says nothing.</param>
/// <param name="Ours">What was measured here.</param>
/// <param name="Unit">The unit of the numbers, such as %.</param>
/// <param name="Holds">Whether what the paper says holds here; null where that cannot be said.</param>
public sealed record ResultRow(string Name, string Paper, double Ours, string Unit, bool? Holds)
{
    /// <summary>A number as people read it: three digits behind the point, or a power of ten.</summary>
    public static string Text(double number) => Math.Abs(number) is >= 0.001 and < 10000 or 0
        ? number.ToString("0.###", CultureInfo.InvariantCulture)
        : number.ToString("g3", CultureInfo.InvariantCulture);

    /// <summary>A verdict in a word; nothing where there is none.</summary>
    public static string Verdict(bool? holds) => holds switch { true => "yes", false => "no", null => "" };

    /// <summary>A number beside the paper's: it holds within one of the paper's standard deviations.</summary>
    internal static ResultRow Number(string name, double paper, double deviation, double ours, string unit) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{paper} +- {deviation}"), ours, unit, double.IsFinite(ours) ? Math.Abs(ours - paper) <= deviation : null);

    /// <summary>A number of which the paper has none.</summary>
    internal static ResultRow Measured(string name, double ours, string unit) => new(name, "", ours, unit, null);

    /// <summary>A claim in words, and the number it was judged by.</summary>
    internal static ResultRow Claim(string name, string claim, double ours, string unit, bool? holds) => new(name, claim, ours, unit, holds);
}
