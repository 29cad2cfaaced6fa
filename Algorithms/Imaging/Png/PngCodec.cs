namespace Preimage.Algorithms.Imaging.Png;

/// <summary>PNG: every colour type, depth and interlacing in; 8-bit grey and RGB out.</summary>
internal sealed class PngCodec : ImageCodec
{
    public override string Name => "PNG";

    public override IReadOnlyList<string> Extensions { get; } = [".png"];

    public override bool CanEncode => true;

    public override bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith(PngChunk.Signature);

    public override Picture Decode(ReadOnlyMemory<byte> file, string source, PictureLimits limits)
    {
        if (!Recognises(file.Span)) throw new ImageFormatException(source, "not a PNG file (signature missing).");
        return new PngDecoder(source, limits).Decode(file);
    }

    public override void Encode(Picture picture, Stream destination) => PngEncoder.Encode(picture, destination);
}
