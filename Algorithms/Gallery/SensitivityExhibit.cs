namespace Preimage.Algorithms.Gallery;

/// <summary>One image explained for two or more classes by several methods: how alike the maps of different classes are.</summary>
public sealed record SensitivityExhibit : Exhibit
{
    /// <summary>The image; the columns are its targets, of which there are at least two.</summary>
    public required GalleryImage Image { get; init; }

    /// <summary>A row per method.</summary>
    public required IReadOnlyList<SensitivityRow> Rows { get; init; }
}

/// <summary>One method in a <see cref="SensitivityExhibit"/>.</summary>
public sealed record SensitivityRow
{
    /// <summary>The method.</summary>
    public required GalleryMethod Method { get; init; }

    /// <summary>Its maps, one per target of the image and in their order; null where there is none.</summary>
    public required IReadOnlyList<GalleryMap?> Maps { get; init; }

    /// <summary>The cosine between the maps of different classes, or the mean over pairs; with no value where a map is zero.</summary>
    public required GalleryCell Cosine { get; init; }
}
