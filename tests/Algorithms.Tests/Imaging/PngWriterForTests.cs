using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Tests.Imaging;

/// <summary>A picture of raw samples and its PNG file in any colour type, depth and interlacing.</summary>
internal sealed record PngCase(int Width, int Height, int Depth, int Colour, bool Interlaced)
{
    public byte[]? Palette { get; init; }

    public byte[]? Transparency { get; init; }

    public int SamplesPerPixel => Colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>A sample by a formula that reaches the whole range of the depth.</summary>
    public int Sample(int x, int y, int s)
    {
        int most = (1 << Depth) - 1;
        if (Colour == 3) return (x + 3 * y) % (Palette!.Length / 3);
        return (x * 7919 + y * 104729 + s * 1299709 + x * y * 31) % (most + 1);
    }

    public override string ToString() => $"{Width}x{Height} colour {Colour} depth {Depth}{(Interlaced ? " interlaced" : "")}" +
        (Transparency is null ? "" : " tRNS");
}

/// <summary>Writes test files chunk by chunk; knows nothing of the code under test.</summary>
internal static class PngWriterForTests
{
    static readonly int[][] s_adam7 =
        [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]];

    public static byte[] Write(PngCase picture) => Join(Chunks(picture));

    public static List<(string Type, byte[] Data)> Chunks(PngCase picture)
    {
        var chunks = new List<(string, byte[])> { ("IHDR", Header(picture)) };
        if (picture.Palette is not null) chunks.Add(("PLTE", picture.Palette));
        if (picture.Transparency is not null) chunks.Add(("tRNS", picture.Transparency));
        byte[] packed = Pack(Rows(picture));
        // In two pieces, so that joining is tested as well.
        chunks.Add(("IDAT", packed[..(packed.Length / 2)]));
        chunks.Add(("IDAT", packed[(packed.Length / 2)..]));
        chunks.Add(("IEND", []));
        return chunks;
    }

    public static byte[] Join(IEnumerable<(string Type, byte[] Data)> chunks)
    {
        var file = new List<byte> { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A };
        foreach (var (type, data) in chunks)
        {
            byte[] body = [.. Encoding.Latin1.GetBytes(type), .. data];
            file.AddRange(BigEndian((uint)data.Length));
            file.AddRange(body);
            file.AddRange(BigEndian(Crc32.Of(body)));
        }
        return [.. file];
    }

    public static byte[] Pack(byte[] rows)
    {
        var stream = new MemoryStream();
        using (var compressor = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true)) compressor.Write(rows);
        return stream.ToArray();
    }

    public static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>The filtered rows of all passes; row n takes filter n mod 5.</summary>
    public static byte[] Rows(PngCase picture)
    {
        var rows = new List<byte>();
        int[][] passes = picture.Interlaced ? s_adam7 : [[0, 0, 1, 1]];
        int filter = 0;
        foreach (int[] pass in passes)
        {
            byte[]? above = null;
            for (int y = pass[1]; y < picture.Height && pass[0] < picture.Width; y += pass[3])
            {
                byte[] row = PackRow(picture, y, pass[0], pass[2]);
                rows.Add((byte)(filter % 5));
                int distance = Math.Max(1, picture.SamplesPerPixel * picture.Depth / 8);
                for (int i = 0; i < row.Length; i++)
                {
                    int a = i >= distance ? row[i - distance] : 0, b = above?[i] ?? 0;
                    int c = i >= distance ? above?[i - distance] ?? 0 : 0;
                    rows.Add((byte)(row[i] - (filter % 5) switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 }));
                }
                filter++;
                above = row;
            }
        }
        return [.. rows];
    }

    static byte[] Header(PngCase p) =>
        [.. BigEndian((uint)p.Width), .. BigEndian((uint)p.Height), (byte)p.Depth, (byte)p.Colour, 0, 0, (byte)(p.Interlaced ? 1 : 0)];

    static byte[] PackRow(PngCase picture, int y, int x0, int dx)
    {
        var bits = new List<int>();
        for (int x = x0; x < picture.Width; x += dx)
            for (int s = 0; s < picture.SamplesPerPixel; s++)
                for (int bit = picture.Depth - 1; bit >= 0; bit--) bits.Add(picture.Sample(x, y, s) >> bit & 1);
        while (bits.Count % 8 != 0) bits.Add(0);
        return [.. bits.Chunk(8).Select(eight => (byte)eight.Aggregate(0, (sum, bit) => sum * 2 + bit))];
    }

    static int Paeth(int a, int b, int c)
    {
        int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        if (pa <= pb && pa <= pc) return a;
        return pb <= pc ? b : c;
    }
}
