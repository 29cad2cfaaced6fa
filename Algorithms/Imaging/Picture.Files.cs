using Preimage.Layers.Files;

namespace Preimage.Algorithms.Imaging;

public sealed partial class Picture
{
    /// <summary>Loads a PNG, PPM, PGM or (with libjpeg-turbo present) JPEG file; the content decides, not the name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; null for the usual.</param>
    /// <param name="upright">Whether a photograph is turned and mirrored as its Exif orientation says, like every viewer does; false gives the pixels as they are stored.</param>
    /// <exception cref="ImageFormatException">The file is damaged, too large or of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="Interop.NativeLibraryMissingException">A JPEG, and libturbojpeg is not on this machine.</exception>
    public static Picture Load(string path, PictureLimits? limits = null, bool upright = true)
    {
        using var stream = File.OpenRead(path);
        return Decode(stream, path, limits, upright);
    }

    /// <summary>Decodes a picture file from the rest of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="limits">How large it may be; null for the usual.</param>
    /// <param name="upright">Whether a photograph is turned as its Exif orientation says.</param>
    /// <inheritdoc cref="Load"/>
    public static Picture Decode(Stream stream, string source = "picture stream", PictureLimits? limits = null, bool upright = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(ReadAll(stream, source, (limits ?? PictureLimits.Default).MaxFileBytes), source, limits, upright);
    }

    /// <summary>Decodes a picture file held in memory.</summary>
    /// <param name="file">Every byte of the file.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="limits">How large it may be; null for the usual.</param>
    /// <param name="upright">Whether a photograph is turned as its Exif orientation says.</param>
    /// <inheritdoc cref="Load"/>
    public static Picture Decode(ReadOnlyMemory<byte> file, string source = "picture", PictureLimits? limits = null, bool upright = true)
    {
        var codec = ImageCodec.ForReading(file.Span, source);
        var picture = codec.Decode(file, source, limits ?? PictureLimits.Default);
        return upright ? picture.Turned(codec.OrientationOf(file.Span)) : picture;
    }

    /// <summary>Saves by the extension (.png, .ppm, .pgm), through a temporary file.</summary>
    /// <exception cref="NotSupportedException">No format that is written has this extension.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public void Save(string path)
    {
        var codec = ImageCodec.ForWriting(path);
        AtomicFile.Write(path, stream => codec.Encode(this, stream));
    }

    static byte[] ReadAll(Stream stream, string source, long limit)
    {
        using var memory = new MemoryStream(stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position, 0, limit) : 0);
        var piece = new byte[1 << 16];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            if (memory.Length + read > limit)
                throw new ImageFormatException(source, $"the file has more than the {limit} bytes allowed (PictureLimits.MaxFileBytes).");
            memory.Write(piece, 0, read);
        }
        return memory.ToArray();
    }
}
