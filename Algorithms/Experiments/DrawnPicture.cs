using System.Numerics;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Experiments;

/// <summary>A picture the library draws itself, so that experiments need no file: a house and a tree under the sun, smooth shades and sharp edges.</summary>
public static class DrawnPicture
{
    /// <summary>Rays per pixel along each axis; edges come out as smooth as in a photo.</summary>
    const int Rays = 4;

    /// <summary>Draws the scene.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <returns>An RGB picture, the same bytes on every machine.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static Picture House(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var pixels = new byte[checked(width * height * 3)];
        for (int i = 0; i < width * height; i++)
        {
            Vector3 sum = Vector3.Zero;
            for (int ray = 0; ray < Rays * Rays; ray++)
            {
                float x = (i % width + (ray % Rays + 0.5f) / Rays) / width;
                float y = (i / width + (ray / Rays + 0.5f) / Rays) / height;
                sum += Colour(x, y);
            }

            Vector3 mean = Vector3.Clamp(sum / (Rays * Rays), Vector3.Zero, Vector3.One) * 255;
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (Round(mean.X), Round(mean.Y), Round(mean.Z));
        }

        return new Picture(width, height, 3, pixels);

        static byte Round(float sample) => (byte)(sample + 0.5f);
    }

    /// <summary>The colour at a point of the unit square, y downwards; what is nearest is asked first.</summary>
    static Vector3 Colour(float x, float y) => Tree(x, y) ?? House(x, y) ?? Ground(x, y) ?? Sky(x, y);

    static Vector3 Sky(float x, float y)
    {
        Vector3 sky = Mix(new(0.25f, 0.48f, 0.85f), new(0.80f, 0.90f, 0.97f), y / 0.62f);
        float sun = Vector2.Distance(new(x, y), new(0.17f, 0.17f));
        return sun < 0.085f ? new(1, 0.92f, 0.45f) : Mix(new(1, 0.95f, 0.70f), sky, Math.Min(1, 0.35f + (sun - 0.085f) * 3.2f));
    }

    static Vector3? Ground(float x, float y)
    {
        float near = 0.70f + 0.045f * Wave(x * 1.1f + 0.15f), far = 0.58f + 0.05f * Wave(x * 1.4f + 0.55f);
        // The path to the door widens towards the viewer.
        if (y > 0.76f && MathF.Abs(x - 0.425f - (y - 0.76f) * 0.55f) < 0.035f + (y - 0.76f) * 0.35f)
            return Mix(new(0.86f, 0.76f, 0.56f), new(0.66f, 0.53f, 0.35f), (y - 0.76f) / 0.24f);
        if (y > near)
            return Mix(new(0.45f, 0.72f, 0.26f), new(0.16f, 0.42f, 0.13f), (y - near) / (1 - near));
        return y > far ? Mix(new(0.42f, 0.60f, 0.50f), new(0.56f, 0.73f, 0.52f), (y - far) / 0.15f) : null;
    }

    static Vector3? House(float x, float y)
    {
        const float Left = 0.24f, Right = 0.61f, Eaves = 0.46f, Ridge = 0.25f, Floor = 0.785f;
        float slope = (Eaves - Ridge) / ((Right - Left) / 2 + 0.05f);
        float roof = Ridge + MathF.Abs(x - (Left + Right) / 2) * slope;
        if (Inside(x, y, 0.515f, 0.565f, 0.24f, 0.36f) && y < roof + 0.04f)
            return new(0.45f, 0.22f, 0.18f);
        if (y > roof && y < Eaves && x > Left - 0.05f && x < Right + 0.05f)
            return Mix(new(0.86f, 0.30f, 0.20f), new(0.55f, 0.12f, 0.10f), (x - Left + 0.05f) / (Right - Left + 0.1f));
        if (!Inside(x, y, Left, Right, Eaves, Floor))
            return null;
        if (Inside(x, y, 0.385f, 0.465f, 0.60f, Floor))
            return Vector2.Distance(new(x, y), new(0.45f, 0.70f)) < 0.009f ? new(0.95f, 0.80f, 0.30f) : new(0.38f, 0.21f, 0.12f);
        if (Inside(x, y, 0.275f, 0.355f, 0.53f, 0.64f))
            return Window((x - 0.275f) / 0.08f, (y - 0.53f) / 0.11f);
        if (Inside(x, y, 0.495f, 0.575f, 0.53f, 0.64f))
            return Window((x - 0.495f) / 0.08f, (y - 0.53f) / 0.11f);
        // The wall is lit from the left and shaded by the eaves.
        Vector3 wall = Mix(new(0.98f, 0.92f, 0.78f), new(0.74f, 0.65f, 0.52f), (x - Left) / (Right - Left));
        return y < Eaves + 0.03f ? wall * 0.72f : wall;
    }

    static Vector3 Window(float u, float v)
    {
        bool bar = MathF.Abs(u - 0.5f) < 0.08f || MathF.Abs(v - 0.5f) < 0.06f || u < 0.1f || u > 0.9f || v < 0.08f || v > 0.92f;
        return bar ? new(0.97f, 0.97f, 0.95f) : Mix(new(0.20f, 0.30f, 0.45f), new(0.50f, 0.66f, 0.80f), (u + v) / 2);
    }

    static Vector3? Tree(float x, float y)
    {
        Vector2 at = new(x, y), light = new(0.76f, 0.36f);
        bool crown = Vector2.Distance(at, new(0.80f, 0.42f)) < 0.125f || Vector2.Distance(at, new(0.73f, 0.53f)) < 0.09f
            || Vector2.Distance(at, new(0.875f, 0.53f)) < 0.09f;
        if (crown)
            return Mix(new(0.50f, 0.75f, 0.25f), new(0.05f, 0.25f, 0.09f), Math.Min(1, Vector2.Distance(at, light) / 0.27f));
        return y is > 0.53f and < 0.84f && MathF.Abs(x - 0.80f) < 0.022f + Math.Max(0, y - 0.76f) * 0.25f
            ? Mix(new(0.52f, 0.34f, 0.19f), new(0.27f, 0.16f, 0.08f), (x - 0.77f) / 0.06f)
            : null;
    }

    /// <summary>From one colour to another. Not Vector3.Lerp, which rounds once less where the machine has fused multiply-adds.</summary>
    static Vector3 Mix(Vector3 from, Vector3 to, float part) => from + (to - from) * part;

    static bool Inside(float x, float y, float left, float right, float top, float bottom) =>
        x >= left && x < right && y >= top && y < bottom;

    /// <summary>A wave of period 1 without sines, whose last bits differ between machines.</summary>
    static float Wave(float turns)
    {
        float t = turns - MathF.Floor(turns);
        return t < 0.5f ? 16 * t * (0.5f - t) : -16 * (t - 0.5f) * (1 - t);
    }
}
