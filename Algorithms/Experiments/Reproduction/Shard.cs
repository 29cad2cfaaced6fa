using System.Globalization;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>A part of an experiment's units: every <paramref name="Count"/>-th from the <paramref name="Index"/>-th on.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
public readonly record struct Shard(int Index, int Count) : IParsable<Shard>
{
    /// <summary>All units.</summary>
    public static Shard All { get; } = new(1, 1);

    /// <summary>Whether a unit belongs to the part.</summary>
    /// <param name="unit">The unit's place in the experiment's list, from 0.</param>
    public bool Holds(int unit) => unit % Count == Index - 1;

    /// <summary>Reads <c>3/16</c>.</summary>
    /// <exception cref="FormatException">The text is not of this form, or the part not from 1 to the number of parts.</exception>
    public static Shard Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out Shard shard)
        ? shard
        : throw new FormatException($"'{s}' is no shard: write I/N, such as 3/16, with I from 1 to N.");

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out Shard result)
    {
        result = All;
        if (s?.Split('/') is not [string index, string count]
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int i) || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            || i < 1 || i > n)
        {
            return false;
        }

        result = new Shard(i, n);
        return true;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"{Index}/{Count}";
}
