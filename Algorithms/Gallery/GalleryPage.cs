using Preimage.Algorithms.Gallery.Writing;
using Preimage.Layers;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Gallery;

/// <summary>Writes a gallery as one page of HTML that needs no network and no other file.</summary>
public static class GalleryPage
{
    /// <summary>The most bytes a page has where nobody says otherwise.</summary>
    public const long DefaultMaxBytes = 15_000_000;

    /// <summary>Writes the page to a file, through a temporary one.</summary>
    /// <param name="document">What it shows.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="maxBytes">The most bytes the page may have.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="PreimageException">The document contradicts itself, shows no image, or does not fit.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static GalleryPageSummary Write(GalleryDocument document, string path, long maxBytes = DefaultMaxBytes)
    {
        GalleryPageSummary? summary = null;
        AtomicFile.Write(path, stream => summary = Write(document, stream, maxBytes));
        return summary!;
    }

    /// <summary>Writes the page to a stream.</summary>
    /// <remarks>Maps are stored with 16 bits a value; where the page would have more bytes than allowed, with 8, and the page says so. Nothing is ever left out: what does not fit then is an error.</remarks>
    /// <inheritdoc cref="Write(GalleryDocument, string, long)"/>
    public static GalleryPageSummary Write(GalleryDocument document, Stream stream, long maxBytes = DefaultMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(stream);
        DocumentCheck.Check(document);
        var data = new StoredData();
        foreach (Exhibit exhibit in document.Exhibits)
            PageJson.Number(exhibit, data);
        int bits = 16;
        byte[] page = PageText.Write(document, data, bits);
        if (page.Length > maxBytes)
            page = PageText.Write(document, data, bits = 8);
        if (page.Length > maxBytes)
        {
            long pictures = data.Pictures.Sum(p => (long)p.Png.Length) * 4 / 3;
            throw new PreimageException(
                $"the gallery has {page.Length} bytes with 8 bits a value, {pictures} of them {data.Pictures.Count} pictures, the rest mostly {data.Maps.Count} maps; "
                + $"{maxBytes} are allowed: show fewer or smaller ones, or allow more");
        }

        stream.Write(page);
        return new GalleryPageSummary(page.Length, bits, data.Maps.Count, data.Pictures.Count);
    }
}

/// <summary>What <see cref="GalleryPage"/> wrote.</summary>
/// <param name="Bytes">The size of the page.</param>
/// <param name="MapBits">16, or 8 where the page would not have fitted otherwise.</param>
/// <param name="Maps">How many maps it holds.</param>
/// <param name="Pictures">How many pictures it holds, frames included.</param>
public sealed record GalleryPageSummary(long Bytes, int MapBits, int Maps, int Pictures);
