using Preimage.Algorithms.Imaging.Jpeg;
using Preimage.Algorithms.Imaging.Png;
using Preimage.Algorithms.Imaging.Ppm;

namespace Preimage.Algorithms.Imaging;

/// <summary>One picture file format; a further one is one class and one entry in <see cref="All"/>.</summary>
public abstract class ImageCodec
{
    /// <summary>The formats in the order they are tried.</summary>
    public static IReadOnlyList<ImageCodec> All { get; } = [new PngCodec(), new PpmCodec(), new JpegCodec()];

    /// <summary>The format's name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>File name extensions with their dot, in lower case.</summary>
    public abstract IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether <see cref="Encode"/> works.</summary>
    public virtual bool CanEncode => false;

    /// <summary>Whether a file that starts so is of this format.</summary>
    public abstract bool Recognises(ReadOnlySpan<byte> start);

    // Which way up the file says its pixels are, as Exif numbers it.
    internal virtual int OrientationOf(ReadOnlySpan<byte> file) => Jpeg.ExifOrientation.Upright;

    /// <summary>Decodes a whole file, its pixels as they are stored.</summary>
    /// <param name="file">Every byte of the file.</param>
    /// <param name="source">What messages call the file.</param>
    /// <param name="limits">Sizes above which the file is refused before memory is taken.</param>
    /// <exception cref="ImageFormatException">The file is damaged, too large or of a kind that is not read.</exception>
    public abstract Picture Decode(ReadOnlyMemory<byte> file, string source, PictureLimits limits);

    /// <summary>Encodes a picture.</summary>
    /// <exception cref="NotSupportedException">The format is read only.</exception>
    public virtual void Encode(Picture picture, Stream destination) =>
        throw new NotSupportedException($"{Name} pictures are read only; save as .png or .ppm.");

    internal static ImageCodec ForReading(ReadOnlySpan<byte> start, string source)
    {
        foreach (var codec in All)
            if (codec.Recognises(start)) return codec;
        string known = string.Join(", ", All.Select(c => c.Name));
        throw new ImageFormatException(source, ForeignFormat.NameOf(start) is { } name
            ? $"a {name} picture, which is not read ({known} are): convert it to PNG."
            : $"not a picture of a known kind ({known}).");
    }

    internal static ImageCodec ForWriting(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        foreach (var codec in All)
            if (codec.CanEncode && codec.Extensions.Contains(extension)) return codec;
        string known = string.Join(", ", All.Where(c => c.CanEncode).SelectMany(c => c.Extensions));
        throw new NotSupportedException($"{path}: pictures are written as {known}, not as '{extension}'.");
    }
}
