namespace Preimage.Cli;

/// <summary>What somebody may have meant by a word that does not exist.</summary>
internal static class Closest
{
    /// <summary>Which of the words is nearest, or null where none is near: at most a third of its letters are others.</summary>
    public static string? To(string word, IEnumerable<string> words) => words
        .Select(w => (Word: w, Distance: w.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(w, word)))
        .Where(w => 3 * w.Distance <= w.Word.Length)
        .OrderBy(w => w.Distance).ThenBy(w => w.Word, StringComparer.Ordinal)
        .Select(w => w.Word).FirstOrDefault();

    /// <summary>A question to put behind an error, or nothing.</summary>
    public static string Question(string word, IEnumerable<string> words) => To(word, words) is { } near ? $"; did you mean {near}?" : "";

    // Levenshtein's, row by row.
    static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int corner, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1)));
        }

        return row[^1];
    }
}
