using System.Globalization;

namespace Preimage.Cli.Commands;

/// <summary>Lists of feature maps as they are written on the command line: 0,3,7-12.</summary>
internal static class UnitList
{
    // More maps than any layer has; keeps a slip of the finger from making a list of billions.
    const int Most = 1 << 20;

    /// <summary>Understands a list; null stays null.</summary>
    /// <exception cref="UsageException">The text is no such list.</exception>
    public static IReadOnlyList<int>? Parse(string? text)
    {
        if (text is null)
            return null;
        var units = new List<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[^1], out int last) || last < first || last >= Most)
                throw new UsageException($"--units {text}: '{part}' is neither a number nor a range such as 7-12");
            units.AddRange(Enumerable.Range(first, last - first + 1).Except(units));
        }

        return units;
    }

    static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
