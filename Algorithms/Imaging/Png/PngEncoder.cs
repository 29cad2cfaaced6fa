using System.Buffers.Binary;
using System.IO.Compression;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>Writes 8-bit grey and RGB pictures, each row with the filter that leaves the smallest differences.</summary>
internal static class PngEncoder
{
    const int PieceBytes = 1 << 20;

    public static void Encode(Picture picture, Stream stream)
    {
        stream.Write(PngChunk.Signature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = 8;
        header[9] = (byte)(picture.Channels == 1 ? PngColour.Grey : PngColour.Rgb);
        PngChunk.Write(stream, "IHDR", header);
        foreach (var (keyword, text) in picture.Text) PngText.Write(stream, keyword, text);

        using var packed = new MemoryStream();
        using (var compressor = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) WriteRows(picture, compressor);
        var data = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        for (int at = 0; at < data.Length; at += PieceBytes)
            PngChunk.Write(stream, "IDAT", data.Slice(at, Math.Min(PieceBytes, data.Length - at)));
        PngChunk.Write(stream, "IEND", []);
    }

    static void WriteRows(Picture picture, Stream stream)
    {
        int rowBytes = picture.Width * picture.Channels;
        var best = new byte[rowBytes + 1];
        var trial = new byte[rowBytes + 1];
        ReadOnlySpan<byte> above = new byte[rowBytes];
        for (int y = 0; y < picture.Height; y++)
        {
            var row = picture.Pixels.Slice(y * rowBytes, rowBytes);
            long bestCost = long.MaxValue;
            for (int filter = 0; filter < PngRowFilter.Count; filter++)
            {
                trial[0] = (byte)filter;
                PngRowFilter.Apply(filter, row, above, picture.Channels, trial.AsSpan(1));
                long cost = Cost(trial.AsSpan(1));
                if (cost >= bestCost) continue;
                bestCost = cost;
                (best, trial) = (trial, best);
            }
            stream.Write(best);
            above = row;
        }
    }

    // The usual guess at what deflate will make of a row: the sum of the differences' sizes, read as signed bytes.
    static long Cost(ReadOnlySpan<byte> differences)
    {
        long sum = 0;
        foreach (byte difference in differences) sum += Math.Min(difference, 256 - difference);
        return sum;
    }
}
