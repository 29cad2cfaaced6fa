namespace Preimage.Algorithms.Gallery;

/// <summary>A part of a gallery with a heading of its own.</summary>
public abstract record Exhibit
{
    private protected Exhibit()
    {
    }

    /// <summary>How addresses name it (<c>index.html#id</c>): lower-case letters, digits and '-'; null to make it of the title.</summary>
    public string? Id { get; init; }

    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>One plain sentence: what to look for.</summary>
    public required string LookFor { get; init; }

    /// <summary>What the reader has to know: maps without signal, what was left out, limits of a number.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Settings and numbers of the whole exhibit.</summary>
    public IReadOnlyList<GalleryFact> Facts { get; init; } = [];

    /// <summary>The command line that makes the whole exhibit again, or null.</summary>
    public string? Command { get; init; }
}
