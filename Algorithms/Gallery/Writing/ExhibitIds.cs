namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>The ids by which addresses name exhibits, no two alike.</summary>
internal static class ExhibitIds
{
    // Ids of the page's own parts.
    static readonly string[] s_taken = ["top", "main", "contents", "document", "announcements", "enlarged", "theme"];

    /// <summary>An id per exhibit: its own, or one made of its title.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<Exhibit> exhibits)
    {
        var taken = new HashSet<string>(s_taken.Concat(exhibits.Select(e => e.Id).OfType<string>()));
        return [.. exhibits.Select(e => e.Id ?? Free(Slug(e.Title)))];

        string Free(string slug)
        {
            string id = slug;
            for (int n = 2; !taken.Add(id); n++)
                id = $"{slug}-{n}";
            return id;
        }
    }

    static string Slug(string title)
    {
        string[] words = string.Concat(title.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "exhibit" : string.Join('-', words);
    }
}
