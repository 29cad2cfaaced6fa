namespace Preimage.Algorithms.Gallery;

/// <summary>What a gallery shows: an introduction and exhibits, which <see cref="GalleryPage"/> writes as one page of HTML.</summary>
/// <remarks>Pictures and maps that occur several times as the same object are stored once.</remarks>
public sealed record GalleryDocument
{
    /// <summary>The heading of the page.</summary>
    public required string Title { get; init; }

    /// <summary>One paragraph that says what the reader sees.</summary>
    public required string Introduction { get; init; }

    /// <summary>When and with what it was made: device, version, seed, model.</summary>
    public IReadOnlyList<GalleryFact> Made { get; init; } = [];

    /// <summary>What a reader has to know about the whole page.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The exhibits in their order.</summary>
    public required IReadOnlyList<Exhibit> Exhibits { get; init; }
}

/// <summary>A setting or a measured number beside a picture.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it was, with its unit.</param>
public sealed record GalleryFact(string Name, string Value);
