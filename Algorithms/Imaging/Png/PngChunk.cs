using System.Buffers.Binary;
using System.Text;
using Preimage.Layers.Files;

namespace Preimage.Algorithms.Imaging.Png;

/// <summary>One chunk of a PNG file: four letters and bytes, guarded by a CRC.</summary>
internal readonly record struct PngChunk(string Type, ReadOnlyMemory<byte> Data)
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Bytes a chunk needs beside its data: length, type, CRC.</summary>
    public const int Overhead = 12;

    /// <summary>A decoder that does not know an ancillary chunk may go on without it.</summary>
    public bool IsAncillary => (Type[0] & 0x20) != 0;

    /// <summary>The chunks up to and with IEND; what follows is not read.</summary>
    public static IEnumerable<PngChunk> ReadAll(ReadOnlyMemory<byte> file, string source)
    {
        int at = Signature.Length;
        while (true)
        {
            var chunk = Read(file[at..].Span, file[at..], source);
            yield return chunk;
            if (chunk.Type == "IEND") yield break;
            at += chunk.Data.Length + Overhead;
        }
    }

    public static void Write(Stream stream, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, data.Length);
        Encoding.ASCII.GetBytes(type, head[4..]);
        Span<byte> crc = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.Append(Crc32.Of(head[4..]), data));
        stream.Write(head);
        stream.Write(data);
        stream.Write(crc);
    }

    static PngChunk Read(ReadOnlySpan<byte> rest, ReadOnlyMemory<byte> memory, string source)
    {
        if (rest.Length < Overhead) throw new ImageFormatException(source, "the file ends before its IEND chunk.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        foreach (byte letter in rest.Slice(4, 4))
        {
            if (!char.IsAsciiLetter((char)letter))
                throw new ImageFormatException(source, $"a chunk type holds the byte 0x{letter:x2}, not a letter.");
        }
        string type = Encoding.ASCII.GetString(rest.Slice(4, 4));
        if (length > rest.Length - Overhead)
            throw new ImageFormatException(source, $"chunk {type} claims {length} bytes, {rest.Length - Overhead} are left.");
        int end = 8 + (int)length;
        uint stated = BinaryPrimitives.ReadUInt32BigEndian(rest[end..]);
        uint actual = Crc32.Of(rest[4..end]);
        if (stated != actual)
            throw new ImageFormatException(source, $"chunk {type} has the CRC {actual:x8}, the file says {stated:x8}.");
        return new PngChunk(type, memory[8..end]);
    }
}
