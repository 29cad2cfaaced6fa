using Preimage.Algorithms.Imaging;

namespace Preimage.Algorithms.Gallery.Writing;

/// <summary>The maps and pictures of a document, each object once; exhibits name them by their number.</summary>
internal sealed class StoredData
{
    static readonly ImageCodec s_png = ImageCodec.ForWriting("x.png");

    readonly Dictionary<object, int> _numbers = new(ReferenceEqualityComparer.Instance);
    readonly List<GalleryMap> _maps = [];
    readonly List<StoredPicture> _pictures = [];

    /// <summary>The maps in the order of their numbers.</summary>
    public IReadOnlyList<GalleryMap> Maps => _maps;

    /// <summary>The pictures in the order of their numbers.</summary>
    public IReadOnlyList<StoredPicture> Pictures => _pictures;

    /// <summary>The number of a map.</summary>
    public int NumberOf(GalleryMap map)
    {
        if (_numbers.TryAdd(map, _maps.Count))
            _maps.Add(map);
        return _numbers[map];
    }

    /// <summary>The number of a picture.</summary>
    public int NumberOf(Picture picture)
    {
        if (!_numbers.TryAdd(picture, _pictures.Count))
            return _numbers[picture];
        using var file = new MemoryStream();
        // Remarks in the file would be bytes that the page does not show.
        s_png.Encode(picture.WithText([]), file);
        _pictures.Add(new StoredPicture(picture.Width, picture.Height, file.ToArray()));
        return _numbers[picture];
    }
}

/// <summary>A picture as the page stores it.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Png">The file.</param>
internal sealed record StoredPicture(int Width, int Height, byte[] Png);
