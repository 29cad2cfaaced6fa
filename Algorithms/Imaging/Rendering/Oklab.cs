namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>A colour by lightness L and two opponent axes, in which equal steps look equal (Ottosson 2020).</summary>
internal readonly record struct Oklab(double L, double A, double B)
{
    public static Oklab From(Colour colour)
    {
        double r = ToLinear(colour.R), g = ToLinear(colour.G), b = ToLinear(colour.B);
        double l = Math.Cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        double m = Math.Cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        double s = Math.Cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return new Oklab(
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
    }

    public static Oklab Mix(Oklab from, Oklab to, double t) =>
        new(from.L + (to.L - from.L) * t, from.A + (to.A - from.A) * t, from.B + (to.B - from.B) * t);

    public Colour ToColour()
    {
        double l = Cube(L + 0.3963377774 * A + 0.2158037573 * B);
        double m = Cube(L - 0.1055613458 * A - 0.0638541728 * B);
        double s = Cube(L - 0.0894841775 * A - 1.2914855480 * B);
        return new Colour(
            ToByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            ToByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            ToByte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    static double Cube(double value) => value * value * value;

    // The sRGB transfer curve (IEC 61966-2-1).
    static double ToLinear(byte sample)
    {
        double v = sample / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }

    static byte ToByte(double linear)
    {
        double v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055;
        return (byte)Math.Clamp(Math.Round(v * 255), 0, 255);
    }
}
