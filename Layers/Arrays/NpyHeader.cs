using System.Buffers.Binary;
using System.Text;

namespace Preimage.Layers.Arrays;

/// <summary>The head of a .npy file: magic, version and a Python dictionary with type, order and shape.</summary>
internal sealed record NpyHeader(NpyType Type, bool BigEndian, bool FortranOrder, nint[] Lengths, long Count)
{
    // NumPy stops at 32 axes (64 from version 2 on); nothing here has more than a handful.
    const int MaxRank = 32;
    // NumPy itself refuses longer headers unless told to trust the file.
    const int MaxHeaderBytes = 1 << 16;

    static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes of the elements in the file.</summary>
    public long PayloadBytes => Count * NpyTypeCodes.SizeOf(Type);

    /// <summary>Reads the head, checks its shape against the bytes available from here on, and stops at the first element.</summary>
    public static NpyHeader Read(Stream stream, long available, string source)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(stream, start, available, source);
        if (!start[..6].SequenceEqual(Magic)) throw new ArrayFormatException(source, "not a .npy file (magic bytes missing).");
        int version = start[6];
        if (version is < 1 or > 3) throw new ArrayFormatException(source, $".npy version {version} is not known (1 to 3 are).");

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? 2 : 4];
        Fill(stream, lengthBytes, available - 8, source);
        uint length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        long left = available - 8 - lengthBytes.Length;
        if (length > MaxHeaderBytes)
            throw new ArrayFormatException(source, $"the header claims {length} bytes, more than the {MaxHeaderBytes} allowed.");
        var text = new byte[Math.Min(length, Math.Max(left, 0))];
        if (text.Length < length) throw new ArrayFormatException(source, $"the header claims {length} bytes, {left} are left.");
        Fill(stream, text, left, source);

        var header = Parse(Encoding.UTF8.GetString(text), source);
        left -= length;
        if (header.PayloadBytes > left)
        {
            throw new ArrayFormatException(source,
                $"shape ({string.Join(", ", header.Lengths)}) of {header.Type} needs {header.PayloadBytes} bytes, {left} are left.");
        }
        return header;
    }

    /// <summary>Writes a version 1 head, padded so that the elements start at a multiple of 64.</summary>
    public static void Write(Stream stream, NpyType type, ReadOnlySpan<nint> lengths)
    {
        var text = new StringBuilder($"{{'descr': '{NpyTypeCodes.DescrOf(type)}', 'fortran_order': False, 'shape': (");
        foreach (nint length in lengths) text.Append(length).Append(lengths.Length == 1 ? "," : ", ");
        if (lengths.Length > 1) text.Length -= 2;
        text.Append("), }");
        int used = 10 + text.Length + 1;
        text.Append(' ', (64 - used % 64) % 64).Append('\n');

        stream.Write(Magic);
        stream.Write([1, 0, (byte)text.Length, (byte)(text.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(text.ToString()));
    }

    static NpyHeader Parse(string text, string source)
    {
        var dictionary = new NpyDictionary(text, source);
        if (!NpyTypeCodes.TryParse(dictionary.Descr, out var type, out bool bigEndian))
        {
            throw new ArrayFormatException(source,
                $"element type '{dictionary.Descr}' is not read; save as f2, f4, f8, i1, u1, i2, u2, i4, u4, i8, u8 or b1.");
        }
        if (dictionary.Shape.Count > MaxRank)
            throw new ArrayFormatException(source, $"{dictionary.Shape.Count} axes, at most {MaxRank} are read.");

        bool empty = dictionary.Shape.Contains(0);
        long count = empty ? 0 : 1;
        foreach (long length in dictionary.Shape)
        {
            // Against the largest array there can be, so that the product never overflows.
            if (length > Array.MaxLength || count * length > Array.MaxLength)
            {
                throw new ArrayFormatException(source,
                    $"shape ({string.Join(", ", dictionary.Shape)}) has more than {Array.MaxLength} elements.");
            }
            count *= length;
        }
        return new NpyHeader(type, bigEndian, dictionary.FortranOrder, [.. dictionary.Shape.Select(l => (nint)l)], count);
    }

    static void Fill(Stream stream, Span<byte> bytes, long available, string source)
    {
        if (available < bytes.Length || stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new ArrayFormatException(source, "the file ends inside its header.");
    }
}
