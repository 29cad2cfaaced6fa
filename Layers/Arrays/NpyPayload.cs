using System.Runtime.InteropServices;

namespace Preimage.Layers.Arrays;

/// <summary>The elements of a .npy file, brought to little-endian C order.</summary>
internal static class NpyPayload
{
    /// <summary>Reads the elements in the file's own type.</summary>
    public static byte[] Read(Stream stream, NpyHeader header, string source)
    {
        if (header.PayloadBytes > Array.MaxLength)
            throw new ArrayFormatException(source, $"{header.PayloadBytes} bytes are more than one array of bytes can hold.");
        var bytes = new byte[header.PayloadBytes];
        Fill(stream, bytes, source);
        int size = NpyTypeCodes.SizeOf(header.Type);
        if (header.BigEndian && size > 1)
        {
            for (int at = 0; at < bytes.Length; at += size) bytes.AsSpan(at, size).Reverse();
        }
        if (header.FortranOrder && header.Lengths.Length > 1) bytes = ToCOrder(bytes, header.Lengths, size);
        if (header.Type == NpyType.Boolean)
        {
            foreach (ref byte value in bytes.AsSpan()) value = value != 0 ? (byte)1 : (byte)0;
        }
        return bytes;
    }

    /// <summary>Reads float32 elements straight into their array, without a copy in between.</summary>
    public static float[] ReadSingles(Stream stream, NpyHeader header, string source)
    {
        var values = new float[header.Count];
        // In pieces: a span of bytes ends at 2 GiB, an array of floats at 8.
        const int Piece = 1 << 24;
        for (int at = 0; at < values.Length; at += Piece)
            Fill(stream, MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(Piece, values.Length - at))), source);
        return values;
    }

    /// <summary>Whether <see cref="ReadSingles"/> applies.</summary>
    public static bool IsPlainSingle(NpyHeader header) =>
        header.Type == NpyType.Single && BitConverter.IsLittleEndian && !header.BigEndian
        && !(header.FortranOrder && header.Lengths.Length > 1);

    static void Fill(Stream stream, Span<byte> bytes, string source)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new ArrayFormatException(source, "the file ends inside its elements.");
    }

    // Walks the elements in C order and keeps the Fortran offset beside the odometer of indices.
    static byte[] ToCOrder(byte[] bytes, nint[] lengths, int size)
    {
        var result = new byte[bytes.Length];
        var index = new nint[lengths.Length];
        var stride = new nint[lengths.Length];
        stride[0] = size;
        for (int axis = 1; axis < lengths.Length; axis++) stride[axis] = stride[axis - 1] * lengths[axis - 1];

        nint from = 0;
        for (int to = 0; to < result.Length; to += size)
        {
            bytes.AsSpan((int)from, size).CopyTo(result.AsSpan(to));
            for (int axis = lengths.Length - 1; axis >= 0; axis--)
            {
                from += stride[axis];
                if (++index[axis] < lengths[axis]) break;
                from -= stride[axis] * lengths[axis];
                index[axis] = 0;
            }
        }
        return result;
    }
}
