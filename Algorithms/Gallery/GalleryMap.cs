namespace Preimage.Algorithms.Gallery;

/// <summary>The values of one map. The page keeps them quantised, and says how finely.</summary>
public sealed record GalleryMap
{
    /// <summary>The name of the image it explains.</summary>
    public required string Image { get; init; }

    /// <summary>The class it explains.</summary>
    public required int Class { get; init; }

    /// <summary>The name of the method that made it.</summary>
    public required string Method { get; init; }

    /// <summary>Columns; a map smaller than its image is drawn enlarged to the image's size.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>1 for one number per pixel, or 3: red, green, blue.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels * Height * Width values, channel planes outermost, top row first; values that are not finite are drawn in magenta.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>What the reader should know about this map, such as "zero everywhere".</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The command line that makes it, or null.</summary>
    public string? Command { get; init; }
}
