using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Gallery;

/// <summary>Pictures with captions: decoded filters, tracked features, random networks, figures of experiments.</summary>
public sealed record FiguresExhibit : Exhibit
{
    /// <summary>The pictures.</summary>
    public required IReadOnlyList<GalleryFigure> Figures { get; init; }
}

/// <summary>A picture with its caption.</summary>
public sealed record GalleryFigure
{
    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>What it shows.</summary>
    public required string Caption { get; init; }

    /// <summary>What a reader who cannot see it should know.</summary>
    public required string Alt { get; init; }

    /// <summary>The picture; the page stores it as PNG.</summary>
    public required Picture Picture { get; init; }

    /// <summary>Settings and numbers beside it.</summary>
    public IReadOnlyList<GalleryFact> Facts { get; init; } = [];

    /// <summary>The command line that makes it, or null.</summary>
    public string? Command { get; init; }
}
