namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>Draws histograms of oriented gradients: per cell a star of lines along the edges, the brighter the more gradient its bin holds.</summary>
/// <remarks>The usual glyph of HOG. A line stands across the gradient, so that it lies along the edge in the picture.</remarks>
internal static class OrientationStars
{
    /// <summary>Draws the stars in white on black.</summary>
    /// <param name="hog">C x rows x columns; bins are channels.</param>
    /// <param name="rows">Rows of cells.</param>
    /// <param name="columns">Columns of cells.</param>
    /// <param name="first">The channel of the first undirected bin.</param>
    /// <param name="bins">Undirected bins: bin o is of gradients at the angle 180 o / bins degrees, rows downwards.</param>
    /// <param name="cell">Pixels along a cell's side.</param>
    public static Picture Draw(ReadOnlySpan<float> hog, int rows, int columns, int first, int bins, int cell)
    {
        int plane = rows * columns;
        ReadOnlySpan<float> undirected = hog.Slice(first * plane, bins * plane);
        float largest = 0;
        foreach (float value in undirected)
            largest = Math.Max(largest, value);
        var canvas = new Canvas(columns * cell, rows * cell, new Colour(0, 0, 0));
        if (largest == 0)
            return canvas.ToPicture();

        var order = new (float Value, int Bin)[bins];
        for (int at = 0; at < plane; at++)
        {
            for (int bin = 0; bin < bins; bin++)
                order[bin] = (undirected[bin * plane + at], bin);
            // The strongest last, so that no weaker line crosses it.
            Array.Sort(order);
            double x = (at % columns + 0.5) * cell - 0.5, y = (at / columns + 0.5) * cell - 0.5, half = (cell - 2) / 2.0;
            foreach ((float value, int bin) in order)
            {
                byte light = (byte)Math.Round(255 * Math.Max(0, value) / largest);
                double angle = Math.PI * bin / bins + Math.PI / 2, dx = Math.Cos(angle) * half, dy = Math.Sin(angle) * half;
                if (light > 0)
                    canvas.Line(x - dx, y - dy, x + dx, y + dy, Math.Max(1, cell / 16.0), new Colour(light, light, light));
            }
        }

        return canvas.ToPicture();
    }
}
