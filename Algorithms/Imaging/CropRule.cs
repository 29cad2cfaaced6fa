using System.Text.Json.Serialization;

namespace Preimage.Algorithms.Imaging;

/// <summary>Which centred part of the resized picture the network sees.</summary>
[JsonConverter(typeof(RuleConverter<CropRule>))]
public sealed record CropRule : IParsable<CropRule>
{
    CropRule(int width, int height) => (Width, Height) = (width, height);

    /// <summary>All of it.</summary>
    public static CropRule None { get; } = new(0, 0);

    /// <summary>A part of the network's size.</summary>
    public static CropRule ToNetwork { get; } = new(-1, -1);

    /// <summary>Columns for <see cref="Centre"/>, else not positive.</summary>
    public int Width { get; }

    /// <summary>Rows for <see cref="Centre"/>, else not positive.</summary>
    public int Height { get; }

    /// <summary>A part of that size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static CropRule Centre(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new CropRule(width, height);
    }

    /// <summary>Reads <c>none</c>, <c>network</c> or <c>227x227</c> (width x height).</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static CropRule Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var rule)
        ? rule
        : throw new FormatException($"crop '{s}' is not none, network or WIDTHxHEIGHT.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out CropRule result)
    {
        result = None;
        if (s is null or "none") return s is not null;
        if (s == "network") result = ToNetwork;
        else if (SizeText.TryParse(s, out int width, out int height)) result = new CropRule(width, height);
        else return false;
        return true;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Width > 0 ? $"{Width}x{Height}" : Width < 0 ? "network" : "none";

    internal Picture ApplyTo(Picture picture, int networkWidth, int networkHeight)
    {
        if (Width == 0) return picture;
        int width = Width > 0 ? Width : networkWidth, height = Height > 0 ? Height : networkHeight;
        if (width > picture.Width || height > picture.Height)
        {
            throw new ArgumentException($"A centre crop of {width}x{height} does not fit the resized picture of " +
                $"{picture.Width}x{picture.Height}; resize to something larger first.");
        }
        return picture.Crop(Offset(picture.Width - width), Offset(picture.Height - height), width, height);
    }

    // Half to even, as torchvision's CenterCrop has it: a margin of 29 gives 14, of 31 gives 16.
    static int Offset(int margin) => (int)Math.Round(margin / 2.0, MidpointRounding.ToEven);
}
