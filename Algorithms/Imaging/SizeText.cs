namespace Preimage.Algorithms.Imaging;

/// <summary>A size written as width x height.</summary>
internal static class SizeText
{
    public static bool TryParse(string text, out int width, out int height)
    {
        height = 0;
        int by = text.IndexOf('x', StringComparison.Ordinal);
        return int.TryParse(text.AsSpan(0, Math.Max(by, 0)), out width) && int.TryParse(text.AsSpan(by + 1), out height)
            && width > 0 && height > 0;
    }
}
