namespace Preimage.Algorithms.Training.Data.Drawing;

/// <summary>A colour while it is mixed, 0 to 255 a channel.</summary>
internal readonly record struct Tint(float R, float G, float B)
{
    /// <summary>From a number such as 0xE0B090.</summary>
    public static Tint Of(int rgb) => new((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255);

    /// <summary>Part of the way to another colour.</summary>
    public Tint To(Tint other, double part)
    {
        float p = (float)part;
        return new(R + (other.R - R) * p, G + (other.G - G) * p, B + (other.B - B) * p);
    }

    /// <summary>Darker below 1, lighter above.</summary>
    public Tint Times(double factor)
    {
        float f = (float)factor;
        return new(Math.Min(255, R * f), Math.Min(255, G * f), Math.Min(255, B * f));
    }
}
