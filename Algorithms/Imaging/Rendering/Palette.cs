namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>Colours for numbers between 0 and 1.</summary>
/// <remarks>
/// A palette is written as colours with optional positions, such as <c>#000000 0.3:#7a1c6d #ffffff</c>; between them it runs in
/// a space where equal steps look equal, so that no band shows where the data have none. From grey to grey it runs evenly in
/// the samples themselves, as a grey picture is expected to.
/// </remarks>
public sealed class Palette
{
    const int Steps = 1024;

    readonly Colour[] _colours;

    Palette(string name, string gradient, bool diverging)
    {
        Name = name;
        Gradient = gradient;
        IsDiverging = diverging;
        var stops = ParseStops(gradient);
        _colours = new Colour[Steps + 1];
        for (int i = 0; i <= Steps; i++) _colours[i] = Between(stops, (double)i / Steps);
    }

    /// <summary>Black to white.</summary>
    public static Palette Grey { get; } = new("grey", "#000000 #ffffff", false);

    /// <summary>Black over purple, red and orange to pale yellow, lighter throughout.</summary>
    public static Palette Heat { get; } = new("heat", "#05031a #4c1173 #b1315f #ee7a36 #fbd262 #fdfbd8", false);

    /// <summary>Blue for negative, white for zero, red for positive; both ends equally dark.</summary>
    public static Palette Diverging { get; } = new("diverging", "#123f7f #5c97cf #f8f8f8 #e0785f #8c1428", true);

    /// <summary>Blue for negative, white for zero, orange for positive; kept apart by every common colour blindness.</summary>
    public static Palette BlueOrange { get; } = new("blue-orange", "#0c4384 #6aa3d8 #f8f8f8 #e89a4a #8f4200", true);

    /// <summary>The palettes that have a name.</summary>
    public static IReadOnlyList<Palette> All { get; } = [Grey, Heat, Diverging, BlueOrange];

    /// <summary>The name, for messages and settings.</summary>
    public string Name { get; }

    /// <summary>The colours as written.</summary>
    public string Gradient { get; }

    /// <summary>Whether the middle stands for zero.</summary>
    public bool IsDiverging { get; }

    /// <summary>The palette of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    public static Palette ByName(string name) => All.FirstOrDefault(palette => palette.Name == name)
        ?? throw new ArgumentException($"No palette is called '{name}'; there are {string.Join(", ", All.Select(p => p.Name))}.", nameof(name));

    /// <summary>Makes a palette from its colours: <c>#rrggbb</c> or <c>position:#rrggbb</c>, separated by blanks.</summary>
    /// <param name="gradient">At least two colours; positions rise from 0 to 1, those left out are spread evenly.</param>
    /// <param name="diverging">Whether the middle stands for zero.</param>
    /// <param name="name">A name for messages.</param>
    /// <exception cref="FormatException">The text is not of this form.</exception>
    public static Palette Parse(string gradient, bool diverging = false, string name = "custom")
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return new Palette(name, gradient, diverging);
    }

    /// <summary>The colour at a number; below 0 and above 1 the ends, for NaN the middle.</summary>
    public Colour At(double t) => _colours[double.IsNaN(t) ? Steps / 2 : (int)Math.Round(Math.Clamp(t, 0, 1) * Steps)];

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    static List<(double At, Colour Colour)> ParseStops(string gradient)
    {
        string[] words = gradient.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) throw new FormatException($"A palette has at least two colours; '{gradient}' has {words.Length}.");
        var stops = new List<(double At, Colour Colour)>();
        for (int i = 0; i < words.Length; i++)
        {
            int colon = words[i].IndexOf(':', StringComparison.Ordinal);
            double at = (double)i / (words.Length - 1);
            if (colon >= 0 && !double.TryParse(words[i].AsSpan(0, colon), out at))
                throw new FormatException($"'{words[i]}' does not start with a position.");
            if (!(at >= (i == 0 ? 0 : stops[^1].At) && at <= 1))
                throw new FormatException($"The positions must rise from 0 to 1; '{words[i]}' is at {at}.");
            stops.Add((at, Colour.Parse(words[i][(colon + 1)..])));
        }
        return stops;
    }

    static Colour Between(List<(double At, Colour Colour)> stops, double t)
    {
        int next = stops.FindIndex(stop => stop.At >= t);
        if (next <= 0) return stops[next < 0 ? ^1 : 0].Colour;
        var (from, to) = (stops[next - 1], stops[next]);
        double part = (t - from.At) / (to.At - from.At);
        if (!IsGrey(from.Colour) || !IsGrey(to.Colour))
            return Oklab.Mix(Oklab.From(from.Colour), Oklab.From(to.Colour), part).ToColour();
        byte sample = (byte)Math.Round(from.Colour.R + (to.Colour.R - from.Colour.R) * part);
        return new Colour(sample, sample, sample);
    }

    static bool IsGrey(Colour colour) => colour.R == colour.G && colour.G == colour.B;
}
