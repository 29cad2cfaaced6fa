using System.IO.Compression;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Matlab;

/// <summary>Reads MATLAB's MAT files of level 5 (versions 5 to 7, compressed or not), both endiannesses.</summary>
/// <remarks>Source: MathWorks, "MAT-File Format", chapter 1. Files of version 7.3 are HDF5 files with a text in front, and are refused.</remarks>
internal static class MatFile
{
    const int HeaderSize = 128, EndianMark = 126;
    // Deflate cannot expand further: 258 bytes from two bits.
    const long MaxExpansion = 1032;

    static ReadOnlySpan<byte> Hdf5Magic => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>Whether a file is one of MATLAB's, or HDF5: refused with a reason, but by us.</summary>
    public static bool Recognises(MappedFile file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header = header[..(int)Math.Min(HeaderSize, file.Length)];
        file.Read(0, header);
        return header.StartsWith("MATLAB "u8) || header.StartsWith(Hdf5Magic)
            || (header.Length == HeaderSize && (header[124..].SequenceEqual("\0\u0001IM"u8) || header[124..].SequenceEqual("\u0001\0MI"u8)));
    }

    /// <summary>Reads all variables; of a name that is there twice the later one counts, as in MATLAB.</summary>
    /// <exception cref="ModelException">The file is damaged, of version 7.3, or breaks a limit.</exception>
    public static IReadOnlyDictionary<string, MatArray> Read(MappedFile file)
    {
        bool bigEndian = IsBigEndian(file);
        var variables = new Dictionary<string, MatArray>(StringComparer.Ordinal);
        var budget = new MatBudget();
        using var stream = new BufferedStream(new FileRange(file, HeaderSize, file.Length - HeaderSize), 1 << 16);
        var bytes = new MatBytes(stream, file.Length - HeaderSize, bigEndian);
        for (long at = HeaderSize; bytes.Left > 0; at = file.Length - bytes.Left)
        {
            MatTag tag = bytes.Tag();
            MatArray array;
            if (tag is { Type: MatType.Compressed, Small: false })
            {
                array = Inflate(file, at + 8, tag.Size, bigEndian, budget);
                bytes.Skip(tag.Size);
            }
            else if (tag is { Type: MatType.Matrix, Small: false })
            {
                array = new MatArrayReader(bytes, budget).Body(tag, 0);
            }
            else
            {
                throw Damaged($"an element of type {(int)tag.Type} stands at byte {at} where a variable (type 14 or 15) is expected");
            }

            // What MATLAB keeps for itself, as for objects, has no name.
            if (array.Name.Length > 0)
                variables[array.Name] = array;
        }

        return variables;
    }

    /// <summary>An error about the container rather than about the network in it.</summary>
    public static ModelException Damaged(string reason, Exception? inner = null) => new($"this is no whole MAT file: {reason}", inner);

    static bool IsBigEndian(MappedFile file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header = header[..(int)Math.Min(HeaderSize, file.Length)];
        file.Read(0, header);
        if (header.StartsWith("MATLAB 7.3"u8) || header.StartsWith(Hdf5Magic))
        {
            throw new ModelException("this is an HDF5 file (MATLAB's version 7.3), which is not read. " +
                "In MATLAB, load it and save it again with save('file.mat', '-struct', 'net', '-v7')");
        }

        if (header.Length < HeaderSize)
            throw Damaged($"it has {header.Length} bytes, its header alone takes {HeaderSize}");
        bool bigEndian = header[EndianMark..].SequenceEqual("MI"u8);
        if (!bigEndian && !header[EndianMark..].SequenceEqual("IM"u8))
            throw Damaged($"its mark of endianness is {header[EndianMark]}, {header[EndianMark + 1]}: 'IM' or 'MI' are expected (level 4 files are not read)");
        int version = bigEndian ? header[124] << 8 | header[125] : header[125] << 8 | header[124];
        return version == 0x100 ? bigEndian : throw Damaged($"it has the version {version:x4}: 0100 is read");
    }

    static MatArray Inflate(MappedFile file, long at, long size, bool bigEndian, MatBudget budget)
    {
        try
        {
            using var stream = new BufferedStream(new ZLibStream(new FileRange(file, at, size), CompressionMode.Decompress), 1 << 16);
            MatArray array = new MatArrayReader(new MatBytes(stream, size * MaxExpansion, bigEndian), budget).Read();
            // Nothing follows; asking for it is also what checks the checksum.
            return stream.ReadByte() < 0 ? array : throw Damaged($"variable '{array.Name}' is followed by more in the same compressed element");
        }
        catch (InvalidDataException e)
        {
            throw Damaged($"the compressed element at byte {at - 8} is damaged ({e.Message})", e);
        }
    }
}
