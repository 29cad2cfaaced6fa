using Preimage.Interop.Jpeg;

namespace Preimage.Algorithms.Imaging.Jpeg;

/// <summary>JPEG through the system's libjpeg-turbo; read only.</summary>
internal sealed class JpegCodec : ImageCodec
{
    // Stray bytes between markers are common in the wild and cost no pixel; every other warning means lost ones.
    const string HarmlessWarning = "extraneous bytes";

    public override string Name => "JPEG";

    public override IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg"];

    public override bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith<byte>([0xFF, 0xD8, 0xFF]);

    internal override int OrientationOf(ReadOnlySpan<byte> file) => ExifOrientation.Read(file);

    public override Picture Decode(ReadOnlyMemory<byte> file, string source, PictureLimits limits)
    {
        try
        {
            using var decoder = new JpegDecoder();
            var header = decoder.ReadHeader(file.Span);
            limits.Require(header.Width, header.Height, source);
            long bytes = (long)header.Width * header.Height * header.Channels;
            if (bytes > Array.MaxLength)
                throw new ImageFormatException(source, $"{header.Width}x{header.Height} pixels of {header.Channels} colours do not fit one array.");
            var pixels = new byte[bytes];
            string? warning = decoder.Decode(file.Span, header, pixels);
            if (warning is not null && !warning.Contains(HarmlessWarning, StringComparison.Ordinal))
                throw new ImageFormatException(source, $"the picture is damaged ({warning}).");
            return header.IsCmyk
                ? new Picture(header.Width, header.Height, 3, CmykPixels.ToRgb(pixels))
                : new Picture(header.Width, header.Height, header.Channels, pixels);
        }
        catch (JpegException e)
        {
            throw new ImageFormatException(source, e.Message, e);
        }
    }
}
