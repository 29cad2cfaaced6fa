using System.Numerics.Tensors;
using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>How finely the maps of a gallery are kept, so that all of them fit a page.</summary>
/// <param name="Height">Rows of a kept map.</param>
/// <param name="Width">Columns of a kept map.</param>
/// <param name="EveryColour">Whether three channels are kept for every method, or for those only that are drawn in colour.</param>
internal sealed record MapDetail(int Height, int Width, bool EveryColour)
{
    /// <summary>Bytes of a value on the page: 16 bits in base 64.</summary>
    const double ValueBytes = 2 * 4.0 / 3;

    /// <summary>The finest detail that fits: all channels, then colours where they are drawn only, then fewer pixels.</summary>
    /// <param name="channels">Channels of a map.</param>
    /// <param name="height">Rows of a map.</param>
    /// <param name="width">Columns of a map.</param>
    /// <param name="coloured">How many maps are drawn in colour.</param>
    /// <param name="others">How many are not.</param>
    /// <param name="budget">Bytes all of them may take.</param>
    public static MapDetail Fit(int channels, int height, int width, int coloured, int others, long budget)
    {
        int colours = channels == 3 ? 3 : 1;
        if (Bytes(height, width, colours * (coloured + others)) <= budget)
            return new MapDetail(height, width, true);
        for (int factor = 1; ; factor++)
        {
            (int rows, int columns) = ((height + factor - 1) / factor, (width + factor - 1) / factor);
            if (rows * columns == 1 || Bytes(rows, columns, colours * coloured + others) <= budget)
                return new MapDetail(rows, columns, false);
        }
    }

    /// <summary>What the reader should know of it, or null where maps are kept as they are.</summary>
    /// <param name="channels">Channels of a map.</param>
    /// <param name="height">Rows of a map.</param>
    /// <param name="width">Columns of a map.</param>
    public string? Note(int channels, int height, int width)
    {
        string colours = channels switch
        {
            1 => "",
            3 when EveryColour => "",
            3 => "maps that are not drawn in colour are kept as one number a pixel, the sum of the channels or, where magnitudes are drawn, the largest",
            _ => $"the {channels} channels of a map are kept as their sum",
        };
        string size = (Height, Width) == (height, width) ? "" : $"maps of {width}x{height} are kept as {Width}x{Height}, averaged over area, so that the page stays small";
        string note = string.Join("; ", new[] { size, colours }.Where(t => t.Length > 0));
        return note.Length > 0 ? $"{char.ToUpperInvariant(note[0])}{note[1..]}." : null;
    }

    /// <summary>Reduces a map to this detail.</summary>
    /// <param name="map">channels * height * width values.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="drawing">How it is drawn.</param>
    /// <param name="order">The order of its colours; the result's is RGB.</param>
    /// <returns>The values, and 1 or 3 channels of them.</returns>
    public (float[] Values, int Channels) Reduce(ReadOnlySpan<float> map, int channels, int height, int width, MapDrawing drawing, ChannelOrder order)
    {
        int plane = height * width, kept = channels == 3 && (EveryColour || drawing == MapDrawing.Rgb) ? 3 : 1;
        var values = new float[kept * plane];
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> from = map.Slice(c * plane, plane);
            if (kept == 3)
                from.CopyTo(values.AsSpan((order == ChannelOrder.Bgr ? 2 - c : c) * plane));
            else if (drawing == MapDrawing.Heat && channels == 3)
                TensorPrimitives.MaxMagnitude(values, from, values);
            else
                TensorPrimitives.Add(values, from, values);
        }

        if (kept == 1 && channels == 3 && drawing == MapDrawing.Heat)
            TensorPrimitives.Abs(values, values);
        return ((Height, Width) == (height, width) ? values : AreaAverage.Of(values, kept, (height, width), (Height, Width)), kept);
    }

    static double Bytes(int rows, int columns, long planes) => ValueBytes * rows * columns * planes;
}
