namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>An sRGB colour of 8 bits per channel.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct Colour(byte R, byte G, byte B)
{
    internal static Colour White => new(255, 255, 255);

    internal static Colour Ink => new(32, 32, 36);

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    /// <exception cref="FormatException">The text is not of this form.</exception>
    public static Colour Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 7 && text[0] == '#'
            && int.TryParse(text.AsSpan(1), System.Globalization.NumberStyles.AllowHexSpecifier, null, out int rgb))
            return new Colour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        throw new FormatException($"'{text}' is no colour; write #rrggbb.");
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";
}
