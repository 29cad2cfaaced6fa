using System.Buffers.Binary;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>The PLTE and tRNS chunks: colours by index, and which colours are see-through.</summary>
internal sealed class PngTransparency(PngHeader header, string source)
{
    byte[]? _colours;
    byte[] _alphas = [];
    ushort[]? _key;

    public bool HasPalette => _colours is not null;

    public void ReadPalette(ReadOnlySpan<byte> data)
    {
        if (HasPalette) throw new ImageFormatException(source, "there are two palettes.");
        if (header.Channels == 1) throw new ImageFormatException(source, "a grey picture has a palette.");
        if (data.Length % 3 != 0 || data.Length is 0 or > 768)
            throw new ImageFormatException(source, $"PLTE has {data.Length} bytes, not 3 to 768 in threes.");
        if (header.Colour == PngColour.Palette && data.Length / 3 > 1 << header.Depth)
            throw new ImageFormatException(source, $"PLTE has {data.Length / 3} colours for {header.Depth} bits.");
        _colours = data.ToArray();
    }

    public void ReadTransparency(ReadOnlySpan<byte> data)
    {
        if (_key is not null || _alphas.Length > 0) throw new ImageFormatException(source, "there are two tRNS chunks.");
        switch (header.Colour)
        {
            case PngColour.Palette:
                if (_colours is null || data.Length > _colours.Length / 3 || data.Length == 0)
                    throw new ImageFormatException(source, $"tRNS has {data.Length} entries for {(_colours?.Length ?? 0) / 3} colours.");
                _alphas = data.ToArray();
                break;
            case PngColour.Grey or PngColour.Rgb:
                if (data.Length != 2 * header.Samples)
                    throw new ImageFormatException(source, $"tRNS has {data.Length} bytes, not {2 * header.Samples}.");
                _key = new ushort[header.Samples];
                for (int i = 0; i < _key.Length; i++) _key[i] = BinaryPrimitives.ReadUInt16BigEndian(data[(2 * i)..]);
                break;
            default:
                throw new ImageFormatException(source, "tRNS beside an alpha channel.");
        }
    }

    /// <summary>Whether a pixel has the one colour that is see-through.</summary>
    public bool IsKey(ReadOnlySpan<ushort> pixel) => _key is not null && pixel.SequenceEqual(_key);

    /// <summary>The colour of an index, on white.</summary>
    public void LookUp(int index, Span<byte> place)
    {
        if (3 * index >= _colours!.Length)
            throw new ImageFormatException(source, $"a pixel has colour {index} of a palette of {_colours.Length / 3}.");
        int alpha = index < _alphas.Length ? _alphas[index] : 255;
        for (int c = 0; c < 3; c++) place[c] = OnWhite(_colours[3 * index + c], alpha);
    }

    public static byte OnWhite(int sample, int alpha) => (byte)((sample * alpha + 255 * (255 - alpha) + 127) / 255);
}
