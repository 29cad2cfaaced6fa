using System.Buffers.Binary;
using System.IO.Compression;

namespace Preimage.Algorithms.Training.Data.Files;

/// <summary>An array of bytes in an IDX file, as MNIST has them: two zeros, the element type (8 = unsigned byte), the rank, the extents as big-endian 32-bit numbers, the
/// elements; packed with gzip or not, which the content decides.</summary>
internal sealed record IdxFile(int[] Extents, byte[] Values)
{
    const byte UnsignedByte = 8;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rank">How many extents it must have.</param>
    /// <exception cref="DataFormatException">It is no IDX file of bytes of that rank, or is torn.</exception>
    public static IdxFile Read(string path, int rank)
    {
        using Stream file = Open(path);
        try
        {
            return Read(file, path, rank);
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, $"the gzip stream is damaged: {e.Message}", e);
        }
    }

    static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        bool packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return packed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    static IdxFile Read(Stream file, string path, int rank)
    {
        var header = new byte[4 + 4 * rank];
        int read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < header.Length) throw new DataFormatException(path, $"it ends after {read} bytes, inside the header of {header.Length}.");
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] != rank)
        {
            throw new DataFormatException(path,
                $"it starts with 0x{Convert.ToHexStringLower(header.AsSpan(0, 4))}; an IDX file of bytes with {rank} extents starts with 0x000008{rank:x2}.");
        }

        var extents = new int[rank];
        long length = 1;
        for (int i = 0; i < rank; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * i));
            if (extent == 0 || extent > Array.MaxLength / length)
                throw new DataFormatException(path, $"extent {i} is {extent}, which with the others makes no array of 1 to {Array.MaxLength} bytes.");
            extents[i] = (int)extent;
            length *= extent;
        }

        return new IdxFile(extents, ReadValues(file, path, (int)length));
    }

    // Grows with what is there: a torn header may claim 2 GB.
    static byte[] ReadValues(Stream file, string path, int length)
    {
        var values = new byte[Math.Min(length, 1 << 20)];
        int filled = 0;
        while (true)
        {
            int read = file.Read(values, filled, values.Length - filled);
            filled += read;
            if (read == 0 || filled == length) break;
            if (filled == values.Length) Array.Resize(ref values, (int)Math.Min(length, 2L * filled));
        }

        if (filled < length) throw new DataFormatException(path, $"it ends after {filled} of the {length} values its header promises.");
        if (file.ReadByte() >= 0) throw new DataFormatException(path, $"it goes on after the {length} values its header promises.");
        return values;
    }
}
