using System.IO.Compression;
using System.Numerics.Tensors;
using Preimage.Layers.Files;

namespace Preimage.Layers.Arrays;

/// <summary>Named arrays in one NumPy .npz archive (a zip of .npy files), read as a whole.</summary>
public sealed class NpzFile
{
    // Deflate cannot expand further: 258 bytes from two bits.
    const long MaxExpansion = 1032;

    readonly Dictionary<string, NpyArray> _arrays = new(StringComparer.Ordinal);
    readonly string _source;

    NpzFile(string source) => _source = source;

    /// <summary>The names of the arrays, in the order of the archive.</summary>
    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>The array of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names there are.</exception>
    public NpyArray this[string name] => _arrays.TryGetValue(name, out var array)
        ? array
        : throw new KeyNotFoundException($"{_source} has no array '{name}'; it has {string.Join(", ", _arrays.Keys)}.");

    /// <summary>Loads every array of an archive.</summary>
    /// <exception cref="ArrayFormatException">The archive or one of its arrays is damaged, or claims absurd sizes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NpzFile Load(string path)
    {
        using var stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Loads every array of an archive from a seekable stream.</summary>
    /// <exception cref="ArrayFormatException">The archive or one of its arrays is damaged, or claims absurd sizes.</exception>
    public static NpzFile Load(Stream stream, string source = ".npz stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = new NpzFile(source);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            long packed = 0;
            foreach (var entry in archive.Entries)
            {
                // Entries that share their bytes are how a small archive claims a huge content.
                packed += entry.CompressedLength;
                if (packed > stream.Length) throw new ArrayFormatException(source, "the entries overlap.");
                if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal)) continue;
                string name = entry.FullName[..^4];
                if (!file._arrays.TryAdd(name, ReadEntry(entry, $"{source}[{name}]")))
                    throw new ArrayFormatException(source, $"the array '{name}' is there twice.");
            }
        }
        // The zip reader answers a damaged archive with any of these.
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or EndOfStreamException
            or ArgumentException or OverflowException)
        {
            throw new ArrayFormatException(source, $"the archive is damaged ({e.Message})", e);
        }
        return file;
    }

    /// <summary>Saves named arrays through a temporary file; equal arrays give equal bytes.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="arrays">Names (without .npy) and arrays.</param>
    /// <param name="compress">Whether to deflate; NumPy reads both.</param>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, NpyArray>> arrays, bool compress = true)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (name, array) in arrays)
            {
                var entry = archive.CreateEntry(name + ".npy", compress ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
                // A fixed date, so that the same arrays give the same file.
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var content = entry.Open();
                NpyFile.Write(content, array);
            }
        });
    }

    /// <summary>Loads one array of the archive as float32.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Tensor<float> ToSingle(string name) => this[name].ToSingle();

    static NpyArray ReadEntry(ZipArchiveEntry entry, string source)
    {
        if (entry.Length / MaxExpansion > entry.CompressedLength)
            throw new ArrayFormatException(source, $"{entry.CompressedLength} bytes cannot expand to the {entry.Length} claimed.");
        if (entry.Length > Array.MaxLength)
            throw new ArrayFormatException(source, $"{entry.Length} bytes are more than one array of bytes can hold.");
        using var content = new CheckedStream(entry.Open());
        var array = NpyFile.Read(content, entry.Length, source);
        content.CopyTo(Stream.Null);
        if (content.Crc != entry.Crc32)
            throw new ArrayFormatException(source, $"checksum {content.Crc:x8}, the archive says {entry.Crc32:x8}.");
        return array;
    }
}
