using System.Text;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>Keyword and text in tEXt (Latin-1) and uncompressed iTXt (UTF-8) chunks.</summary>
internal static class PngText
{
    /// <summary>Takes a chunk's text; one that is not well formed is passed over, as no pixel depends on it.</summary>
    public static void Read(PngChunk chunk, Dictionary<string, string> text)
    {
        var data = chunk.Data.Span;
        int end = data.IndexOf((byte)0);
        if (end is < 1 or > 79) return;
        string keyword = Encoding.Latin1.GetString(data[..end]);
        data = data[(end + 1)..];
        if (chunk.Type == "tEXt")
        {
            text[keyword] = Encoding.Latin1.GetString(data);
            return;
        }
        // Compression flag and method, then language and translated keyword, each closed by a zero.
        if (data.Length < 2 || data[0] != 0) return;
        data = data[2..];
        for (int skipped = 0; skipped < 2; skipped++)
        {
            int close = data.IndexOf((byte)0);
            if (close < 0) return;
            data = data[(close + 1)..];
        }
        text[keyword] = Encoding.UTF8.GetString(data);
    }

    /// <summary>Writes one remark, as tEXt where Latin-1 can hold it.</summary>
    /// <exception cref="ArgumentException">The keyword is not 1 to 79 Latin-1 characters.</exception>
    public static void Write(Stream stream, string keyword, string text)
    {
        if (keyword.Length is < 1 or > 79 || !IsLatin1(keyword))
            throw new ArgumentException($"A PNG keyword has 1 to 79 Latin-1 characters; '{keyword}' does not.", nameof(keyword));
        byte[] key = Encoding.Latin1.GetBytes(keyword);
        if (IsLatin1(text)) PngChunk.Write(stream, "tEXt", [.. key, 0, .. Encoding.Latin1.GetBytes(text)]);
        else PngChunk.Write(stream, "iTXt", [.. key, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
    }

    static bool IsLatin1(string text) => text.All(c => c is '\n' or (>= ' ' and <= '~') or (>= '\u00A1' and <= '\u00FF'));
}
