using System.Buffers.Binary;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>The IHDR chunk and what follows from it.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, PngColour Colour, bool Interlaced)
{
    /// <summary>Samples per pixel in the file.</summary>
    public int Samples => Colour switch { PngColour.Rgb => 3, PngColour.GreyAlpha => 2, PngColour.Rgba => 4, _ => 1 };

    /// <summary>Channels of the decoded picture.</summary>
    public int Channels => Colour is PngColour.Grey or PngColour.GreyAlpha ? 1 : 3;

    /// <summary>Whole bytes per pixel, at least one: the distance the row filters look back.</summary>
    public int FilterDistance => Math.Max(1, Samples * Depth / 8);

    /// <summary>Bytes of a row of that many pixels, without its filter byte.</summary>
    public int RowBytes(int width) => checked((int)(((long)width * Samples * Depth + 7) / 8));

    /// <summary>The passes of the picture; one that covers everything when it is not interlaced.</summary>
    public IEnumerable<PngPass> Passes =>
        (Interlaced ? PngPass.Adam7 : PngPass.Whole).Where(pass => pass.Columns(Width) > 0 && pass.Rows(Height) > 0);

    /// <summary>Bytes of all rows with their filter bytes: what the compressed data must expand to.</summary>
    public long ExpandedBytes => Passes.Sum(pass => (1L + RowBytes(pass.Columns(Width))) * pass.Rows(Height));

    public static PngHeader Parse(PngChunk chunk, string source, PictureLimits limits)
    {
        var data = chunk.Data.Span;
        if (chunk.Type != "IHDR") throw new ImageFormatException(source, $"the first chunk is {chunk.Type}, not IHDR.");
        if (data.Length != 13) throw new ImageFormatException(source, $"IHDR has {data.Length} bytes, not 13.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        int depth = data[8], colour = data[9];
        // The depths each colour type allows, as bits: 1, 2, 4, 8, 16.
        int allowed = colour switch { 0 => 0x10116, 3 => 0x116, 2 or 4 or 6 => 0x10100, _ => 0 };
        if (depth > 16 || (allowed & (1 << depth)) == 0 || depth == 0)
            throw new ImageFormatException(source, $"colour type {colour} with {depth} bits does not exist.");
        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new ImageFormatException(source, $"compression {data[10]}, filter {data[11]}, interlace {data[12]} are not known.");
        limits.Require(width, height, source);
        // Rows of 16-bit RGBA are the widest.
        if (width > Array.MaxLength / 8 - 1)
            throw new ImageFormatException(source, $"{width}x{height}: the rows do not fit one array.");
        return new PngHeader((int)width, (int)height, depth, (PngColour)colour, data[12] == 1);
    }
}

/// <summary>The colour types of PNG, by their numbers in the file.</summary>
internal enum PngColour
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}
