using System.Text.Json.Serialization;

namespace Preimage.Algorithms.Imaging;

/// <summary>To which size a picture is brought before the crop.</summary>
[JsonConverter(typeof(RuleConverter<ResizeRule>))]
public sealed record ResizeRule : IParsable<ResizeRule>
{
    const string ShortSideWord = "short side ";

    ResizeRule(int width, int height, int side) => (Width, Height, Side) = (width, height, side);

    /// <summary>The picture keeps its size.</summary>
    public static ResizeRule None { get; } = new(0, 0, 0);

    /// <summary>The network's own size; the aspect is not kept.</summary>
    public static ResizeRule ToNetwork { get; } = new(-1, -1, 0);

    /// <summary>Columns for <see cref="Exact"/>, else not positive.</summary>
    public int Width { get; }

    /// <summary>Rows for <see cref="Exact"/>, else not positive.</summary>
    public int Height { get; }

    /// <summary>Pixels of the shorter side for <see cref="ShortSide"/>, else 0.</summary>
    public int Side { get; }

    /// <summary>That size; the aspect is not kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static ResizeRule Exact(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new ResizeRule(width, height, 0);
    }

    /// <summary>The shorter side to that many pixels; the longer one follows, rounded down.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The side is below 1.</exception>
    public static ResizeRule ShortSide(int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        return new ResizeRule(0, 0, side);
    }

    /// <summary>Reads <c>none</c>, <c>network</c>, <c>256x256</c> (width x height) or <c>short side 256</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static ResizeRule Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var rule)
        ? rule
        : throw new FormatException($"resize '{s}' is not none, network, WIDTHxHEIGHT or short side N.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out ResizeRule result)
    {
        result = None;
        if (s is null or "none") return s is not null;
        if (s == "network") result = ToNetwork;
        else if (SizeText.TryParse(s, out int width, out int height)) result = new ResizeRule(width, height, 0);
        else if (s.StartsWith(ShortSideWord, StringComparison.Ordinal)
            && int.TryParse(s.AsSpan(ShortSideWord.Length), out int side) && side > 0) result = new ResizeRule(0, 0, side);
        else return false;
        return true;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        Side > 0 ? ShortSideWord + Side : Width > 0 ? $"{Width}x{Height}" : Width < 0 ? "network" : "none";

    internal (int Width, int Height) SizeOf(Picture picture, int networkWidth, int networkHeight)
    {
        if (Side == 0)
            return Width > 0 ? (Width, Height) : Width < 0 ? (networkWidth, networkHeight) : (picture.Width, picture.Height);
        int shorter = Math.Min(picture.Width, picture.Height), longer = Math.Max(picture.Width, picture.Height);
        int other = (int)((long)Side * longer / shorter);
        return picture.Width <= picture.Height ? (Side, other) : (other, Side);
    }
}
