namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Command lines as a shell takes them.</summary>
internal static class CommandText
{
    /// <summary>Joins words, quoting those that a shell would take apart or change.</summary>
    public static string Of(params IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    /// <summary>A file as an argument: one whose name begins as an option or a response file does is named from its folder.</summary>
    public static string File(string path) => path.StartsWith('-') || path.StartsWith('@') ? $"./{path}" : path;

    /// <summary>A word that may stand in a file name, made of any text.</summary>
    public static string Word(string text)
    {
        string word = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).Trim('-', '.');
        return word.Length > 0 ? word : "picture";
    }

    static string Quoted(string word)
    {
        if (word.Length > 0 && word.All(IsPlain))
            return word;
        // Double quotes are understood by every shell as long as nothing within them is special; POSIX shells leave all within single quotes alone.
        return OperatingSystem.IsWindows() || !word.AsSpan().ContainsAny("\"\\$`!") ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "-_./,:=+@%".Contains(c, StringComparison.Ordinal) || (c == '\\' && OperatingSystem.IsWindows());
}
