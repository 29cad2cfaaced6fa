namespace Preimage.Algorithms.Gallery;

/// <summary>Maps of images under methods, in which the reader switches image, class and method, zooms, compares and reads values.</summary>
public sealed record AttributionExhibit : Exhibit
{
    /// <summary>The images; the first is shown first, with its first target.</summary>
    public required IReadOnlyList<GalleryImage> Images { get; init; }

    /// <summary>The methods; the first is shown first.</summary>
    public required IReadOnlyList<GalleryMethod> Methods { get; init; }

    /// <summary>The maps, at most one for an image, a class and a method; where one is missing the page says so.</summary>
    public required IReadOnlyList<GalleryMap> Maps { get; init; }
}

/// <summary>An image that was explained.</summary>
public sealed record GalleryImage
{
    /// <summary>Its name, unlike the others of the exhibit.</summary>
    public required string Name { get; init; }

    /// <summary>What a reader who cannot see it should know.</summary>
    public required string Alt { get; init; }

    /// <summary>The pixels that the network saw.</summary>
    public required Imaging.Picture Picture { get; init; }

    /// <summary>The classes it was explained for.</summary>
    public required IReadOnlyList<GalleryTarget> Targets { get; init; }
}

/// <summary>A class that an image was explained for.</summary>
/// <param name="Class">Its index, which also names it in the page's address.</param>
/// <param name="Name">Its name.</param>
/// <param name="Probability">What the network gave it, 0 to 1; null where there is none.</param>
public sealed record GalleryTarget(int Class, string Name, double? Probability = null);

/// <summary>A method as the page names and draws it.</summary>
public sealed record GalleryMethod
{
    /// <summary>Its name on the command line, which also names it in the page's address.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in prose.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence that says what it shows.</summary>
    public required string Explanation { get; init; }

    /// <summary>What it was set to.</summary>
    public IReadOnlyList<GalleryFact> Settings { get; init; } = [];

    /// <summary>How its maps are drawn until the reader chooses otherwise.</summary>
    public MapDrawing Drawing { get; init; } = MapDrawing.Signed;

    /// <summary>The percentile of magnitude, 90 to 100, at which colours end until the reader chooses otherwise.</summary>
    public double Percentile { get; init; } = 99.5;
}

/// <summary>How numbers become colours.</summary>
public enum MapDrawing
{
    /// <summary>Blue below zero, red above; three channels are added.</summary>
    Signed,

    /// <summary>Magnitudes from dark to bright; of three channels the largest.</summary>
    Heat,

    /// <summary>Three channels as red, green and blue about middle grey for zero.</summary>
    Rgb,
}
