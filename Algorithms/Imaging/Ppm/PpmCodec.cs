using System.Text;

namespace Preimage.Algorithms.Imaging.Ppm;

/// <summary>PGM and PPM (P2, P3, P5, P6), up to 16 bits in; binary 8 bits out.</summary>
internal sealed class PpmCodec : ImageCodec
{
    public override string Name => "PPM";

    public override IReadOnlyList<string> Extensions { get; } = [".ppm", ".pgm", ".pnm"];

    public override bool CanEncode => true;

    public override bool Recognises(ReadOnlySpan<byte> start) =>
        start.Length > 2 && start[0] == 'P' && start[1] is (byte)'2' or (byte)'3' or (byte)'5' or (byte)'6'
        && char.IsWhiteSpace((char)start[2]);

    public override Picture Decode(ReadOnlyMemory<byte> file, string source, PictureLimits limits)
    {
        var bytes = file.Span;
        if (!Recognises(bytes)) throw new ImageFormatException(source, "not a PGM or PPM file.");
        bool ascii = bytes[1] < '5';
        int channels = bytes[1] is (byte)'2' or (byte)'5' ? 1 : 3;
        var words = new PpmWords(bytes[2..], source);
        int width = words.Next(), height = words.Next(), most = words.Next();
        limits.Require(width, height, source);
        if (most is < 1 or > 65535) throw new ImageFormatException(source, $"the largest value is {most}, not 1 to 65535.");

        long count = (long)width * height * channels;
        long least = ascii ? 2 * count - 1 : count * (most > 255 ? 2 : 1);
        // One blank ends the header of a binary file.
        var rest = ascii ? words.Rest : words.Rest[Math.Min(1, words.Rest.Length)..];
        if (rest.Length < least)
            throw new ImageFormatException(source, $"{width}x{height} needs at least {least} bytes, {rest.Length} are left.");
        var pixels = new byte[count];
        for (int i = 0; i < pixels.Length; i++)
        {
            int sample = ascii ? words.Next() : most > 255 ? rest[2 * i] << 8 | rest[2 * i + 1] : rest[i];
            if (sample > most) throw new ImageFormatException(source, $"sample {i} is {sample}, above the largest value {most}.");
            pixels[i] = (byte)((sample * 255 + most / 2) / most);
        }
        return new Picture(width, height, channels, pixels);
    }

    public override void Encode(Picture picture, Stream destination)
    {
        destination.Write(Encoding.ASCII.GetBytes($"P{(picture.Channels == 1 ? 5 : 6)}\n{picture.Width} {picture.Height}\n255\n"));
        destination.Write(picture.Pixels);
    }
}
