using Preimage.Layers.Files;

namespace Preimage.Algorithms.Imaging;

public sealed partial class Picture
{
    /// <summary>Loads a PNG, PPM, PGM or (with libjpeg-turbo present) JPEG file; the content decides, not the name.</summary>
    /// <exception cref="ImageFormatException">The file is damaged, too large or of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="Interop.NativeLibraryMissingException">A JPEG, and libturbojpeg is not on this machine.</exception>
    public static Picture Load(string path, PictureLimits? limits = null)
    {
        using var stream = File.OpenRead(path);
        return Decode(stream, path, limits);
    }

    /// <summary>Decodes a picture file from the rest of a stream.</summary>
    /// <inheritdoc cref="Load"/>
    public static Picture Decode(Stream stream, string source = "picture stream", PictureLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(ReadAll(stream, source, (limits ?? PictureLimits.Default).MaxFileBytes), source, limits);
    }

    /// <summary>Decodes a picture file held in memory.</summary>
    /// <inheritdoc cref="Load"/>
    public static Picture Decode(ReadOnlyMemory<byte> file, string source = "picture", PictureLimits? limits = null) =>
        ImageCodec.ForReading(file.Span, source).Decode(file, source, limits ?? PictureLimits.Default);

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
