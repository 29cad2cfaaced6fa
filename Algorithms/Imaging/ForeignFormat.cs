namespace Preimage.Algorithms.Imaging;

/// <summary>Picture formats that are not read, by how their files start, so that an error can name them.</summary>
internal static class ForeignFormat
{
    /// <summary>The format's name, or null where the start is none of theirs.</summary>
    public static string? NameOf(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("GIF8"u8)) return "GIF";
        if (start.StartsWith("BM"u8)) return "BMP";
        if (start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8)) return "TIFF";
        if (start.StartsWith("RIFF"u8) && At(start, 8, "WEBP"u8)) return "WebP";
        if (start is [0xFF, 0x0A, ..] || At(start, 4, "JXL "u8)) return "JPEG XL";
        // ISO media files: the brand stands behind the box's length and name.
        if (!At(start, 4, "ftyp"u8)) return null;
        return At(start, 8, "avif"u8) ? "AVIF" : At(start, 8, "hei"u8) || At(start, 8, "hev"u8) || At(start, 8, "mif1"u8) ? "HEIC" : null;
    }

    static bool At(ReadOnlySpan<byte> start, int place, ReadOnlySpan<byte> bytes) => start.Length > place && start[place..].StartsWith(bytes);
}
