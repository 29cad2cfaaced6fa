using System.Security.Cryptography;
using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.Reproduction;

/// <summary>A picture that experiments are made on.</summary>
internal sealed class Photo
{
    /// <summary>Pictures of the reference folder that experiments take, in this order: natural photos in files that need no decoder from elsewhere.</summary>
    static readonly string[] s_reference =
    [
        "skimage/chelsea.png", "skimage/coffee.png", "kodak/kodim07.png", "deep_goggle/img.png", "skimage/astronaut.png",
        "kodak/kodim03.png", "kodak/kodim05.png", "kodak/kodim09.png", "kodak/kodim10.png", "kodak/kodim12.png",
    ];

    /// <summary>The side of the drawn picture that stands in where there is no photo.</summary>
    const int DrawnSide = 256;

    readonly Lazy<Picture> _picture;
    readonly Lazy<string> _hash;

    Photo(string name, Func<Picture> picture, Func<string> hash)
    {
        Name = name;
        _picture = new Lazy<Picture>(picture);
        _hash = new Lazy<string>(hash);
    }

    /// <summary>The file's name without its extension.</summary>
    public string Name { get; }

    /// <summary>Whether the library drew it, for want of photos.</summary>
    public bool IsDrawn { get; private init; }

    /// <summary>The pixels.</summary>
    public Picture Picture => _picture.Value;

    /// <summary>SHA-256 of the file, or of the drawn pixels.</summary>
    public string Hash => _hash.Value;

    /// <summary>The picture of a file.</summary>
    public static Photo File(string path) =>
        new(Path.GetFileNameWithoutExtension(path), () => Picture.Load(path), () => Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path))));

    /// <summary>The picture the library draws.</summary>
    public static Photo Drawn()
    {
        Picture picture = DrawnPicture.House(DrawnSide, DrawnSide);
        return new Photo("house", () => picture, () => Convert.ToHexStringLower(SHA256.HashData(picture.Pixels))) { IsDrawn = true };
    }

    /// <summary>The pictures of a folder in the order of their names, subfolders included.</summary>
    /// <exception cref="PreimageException">There is none.</exception>
    /// <exception cref="IOException">There is no folder.</exception>
    public static IReadOnlyList<Photo> Folder(string folder, int most)
    {
        string[] extensions = [.. ImageCodec.All.SelectMany(c => c.Extensions)];
        Photo[] photos = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Take(most).Select(File)];
        return photos.Length > 0 ? photos : throw new PreimageException($"{folder} has no pictures ({string.Join(", ", extensions)})");
    }

    /// <summary>Photos of the reference folder; the drawn picture alone where there is none.</summary>
    public static IReadOnlyList<Photo> Reference(string? data, int most)
    {
        Photo[] photos = data is null ? [] :
            [.. s_reference.Select(p => Path.Combine(data, "photos", p)).Where(System.IO.File.Exists).Take(most).Select(File)];
        return photos.Length > 0 ? photos : [Drawn()];
    }
}
