using Preimage.Layers;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>What a gallery of a network shows.</summary>
public sealed record NetworkGalleryOptions
{
    /// <summary>The strongest classes that each picture is explained for, at least 1.</summary>
    public int Classes { get; init; } = 3;

    /// <summary>The methods by their names in the catalogue; null for all.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>What classes are called, class 0 first; empty for their numbers.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether filters are decoded.</summary>
    public bool Decoding { get; init; } = true;

    /// <summary>Whether classes are traced back through the dense layers.</summary>
    public bool Backtracking { get; init; } = true;

    /// <summary>Iterations of the inversion of the first picture; 0 for none.</summary>
    public int InversionIterations { get; init; } = 96;

    /// <summary>The node that is inverted, or null for one in the middle.</summary>
    public string? InversionNode { get; init; }

    /// <summary>The metrics by their names in the catalogue, none for an empty list; null for all.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>What noise and random choices are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Bytes that maps may take on the page; larger ones are averaged over area.</summary>
    public long MapBytes { get; init; } = 8_000_000;

    /// <summary>What the command lines beside the pictures have in common, or null for none.</summary>
    public GalleryCommands? Commands { get; init; }

    /// <summary>Throws where a number is out of range.</summary>
    /// <exception cref="PreimageException">It is; the message names it.</exception>
    internal void Validate()
    {
        if (Classes < 1)
            throw new PreimageException($"a gallery of {Classes} classes per picture: there must be at least 1");
        if (Methods is { Count: 0 })
            throw new PreimageException("a gallery of no methods: name at least one, or null for all");
        if (InversionIterations < 0)
            throw new PreimageException($"a gallery with an inversion of {InversionIterations} iterations: there must be at least 1, or 0 for no inversion");
        if (MapBytes < 1)
            throw new PreimageException($"a gallery whose maps may take {MapBytes} bytes: there must be at least 1");
    }
}
