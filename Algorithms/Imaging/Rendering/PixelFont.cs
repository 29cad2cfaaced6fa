namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>A fixed-width font of 5 x 7 pixels with two more rows for descenders, printable ASCII only.</summary>
internal static class PixelFont
{
    public const int Width = 5;
    public const int Height = 9;

    /// <summary>From one letter to the next.</summary>
    public const int Advance = 6;

    // A glyph is its rows from the top; each row is one base-32 digit (0-9, A-V), bit 16 the leftmost pixel.
    // Space to tilde in ASCII order; rows left out at the end are empty.
    static readonly string[] s_glyphs =
    [
        "", "4444404", "AAA", "AAVAVAA", "4FKE5U4", "OP248J3", "CIK8LID", "448", // space ! " # $ % & '
        "2488842", "8422248", "04LEL4", "044V44", "00000CC48", "000V", "00000CC", "01248G", // ( ) * + , - . /
        "EHJLPHE", "4C4444E", "EH1248V", "V2421HE", "26AIV22", "VGU11HE", "68GUHHE", "V124888", // 0 to 7
        "EHHEHHE", "EHHF12C", "0CC0CC", "0CC0CC48", "248G842", "00V0V", "8421248", "EH12404", // 8 9 : ; < = > ?
        "EH1DLLE", "EHHVHHH", "UHHUHHU", "EHGGGHE", "SIHHHIS", "VGGUGGV", "VGGUGGG", "EHGNHHF", // @ A to G
        "HHHVHHH", "E44444E", "72222IC", "HIKOKIH", "GGGGGGV", "HRLLHHH", "HPPLJJH", "EHHHHHE", // H to O
        "UHHUGGG", "EHHHLID", "UHHUKIH", "FGGE11U", "V444444", "HHHHHHE", "HHHHHA4", "HHHLLLA", // P to W
        "HHA4AHH", "HHHA444", "V1248GV", "E88888E", "0G8421", "E22222E", "4AH", "0000000V", // X Y Z [ \ ] ^ _
        "842", "00E1FHF", "GGMPHHU", "00EHGHE", "11DJHHF", "00EHVGE", "698S888", "00FHHHF1E", // ` a to g
        "GGMPHHH", "40C444E", "2062222IC", "GGIKOKI", "C44444E", "00QLLLL", "00MPHHH", "00EHHHE", // h to o
        "00UHHHUGG", "00FHHHF11", "00MPGGG", "00FGE1U", "88S8896", "00HHHJD", "00HHHA4", "00HHLLA", // p to w
        "00HA4AH", "00HHHHF1E", "00V248V", "2448442", "4444444", "8442448", "008L2", // x y z { | } ~
    ];

    // A hollow box stands for every letter the font lacks.
    const string Missing = "VHHHHHV";

    /// <summary>Whether the glyph's pixel is ink.</summary>
    public static bool IsInk(char letter, int x, int y)
    {
        string glyph = letter is >= ' ' and <= '~' ? s_glyphs[letter - ' '] : Missing;
        if (y >= glyph.Length) return false;
        int row = glyph[y] <= '9' ? glyph[y] - '0' : glyph[y] - 'A' + 10;
        return (row >> (Width - 1 - x) & 1) != 0;
    }

    /// <summary>Pixels a text takes at a scale, without the gap behind its last letter.</summary>
    public static int Measure(string text, int scale) => text.Length == 0 ? 0 : (text.Length * Advance - 1) * scale;

    /// <summary>Breaks a text at blanks into at most so many lines of a width; what is left over becomes "...".</summary>
    public static IReadOnlyList<string> Wrap(string text, int width, int scale, int maxLines)
    {
        int fit = Math.Max(1, (width / scale + 1) / Advance);
        var lines = new List<string>();
        string rest = text.Trim();
        while (rest.Length > 0 && lines.Count < maxLines)
        {
            if (rest.Length <= fit)
            {
                lines.Add(rest);
                return lines;
            }
            bool last = lines.Count == maxLines - 1;
            int blank = rest.LastIndexOf(' ', fit);
            int cut = last ? Math.Max(0, fit - 3) : blank > 0 ? blank : fit;
            lines.Add(last ? rest[..cut].TrimEnd() + "..."[..Math.Min(3, fit)] : rest[..cut].TrimEnd());
            rest = rest[cut..].TrimStart();
        }
        return lines;
    }
}
