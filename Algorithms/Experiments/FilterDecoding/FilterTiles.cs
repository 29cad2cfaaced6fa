using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Imaging.Rendering;

namespace Preimage.Algorithms.Experiments.FilterDecoding;

/// <summary>Arrays of numbers as small grey pictures.</summary>
internal static class FilterTiles
{
    static readonly Colour s_gap = new(120, 150, 190);

    /// <summary>Planes side by side in about a square, all in one range, a pixel between them.</summary>
    /// <param name="values">planes x height x width values.</param>
    /// <param name="planes">How many planes.</param>
    /// <param name="height">Rows of each.</param>
    /// <param name="width">Columns of each.</param>
    /// <param name="range">The numbers that become black and white; null for the smallest and largest.</param>
    public static Picture Planes(ReadOnlySpan<float> values, int planes, int height, int width, DisplayRange? range = null)
    {
        DisplayRange shown = range ?? new DisplayRange(TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        int columns = (int)Math.Ceiling(Math.Sqrt(planes)), rows = (planes + columns - 1) / columns;
        var canvas = new Canvas(columns * (width + 1) - 1, rows * (height + 1) - 1, s_gap);
        for (int i = 0; i < values.Length; i++)
        {
            (int plane, int place) = (i / (height * width), i % (height * width));
            double position = shown.High > shown.Low ? shown.Position(values[i]) : 0.5;
            canvas.Set(plane % columns * (width + 1) + place % width, plane / columns * (height + 1) + place / width, Palette.Grey.At(position));
        }

        return canvas.ToPicture();
    }

    /// <summary>Numbers row by row in about a square; what is left of the last row is a gap.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="range">The numbers that become black and white; null for the smallest and largest.</param>
    public static Picture Row(ReadOnlySpan<float> values, DisplayRange? range = null)
    {
        DisplayRange shown = range ?? new DisplayRange(TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        int columns = (int)Math.Ceiling(Math.Sqrt(values.Length)), rows = (values.Length + columns - 1) / columns;
        var canvas = new Canvas(columns, rows, s_gap);
        for (int i = 0; i < values.Length; i++)
            canvas.Set(i % columns, i / columns, Palette.Grey.At(shown.High > shown.Low ? shown.Position(values[i]) : 0.5));
        return canvas.ToPicture();
    }
}
