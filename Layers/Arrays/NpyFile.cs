using System.Numerics.Tensors;
using Preimage.Layers.Files;

namespace Preimage.Layers.Arrays;

/// <summary>Reads and writes NumPy's .npy files (versions 1 to 3 in, version 1 out).</summary>
public static class NpyFile
{
    /// <summary>Loads an array of any numeric type as float32; a scalar becomes a tensor of one element.</summary>
    /// <exception cref="ArrayFormatException">The file is damaged, truncated or of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor<float> Load(string path)
    {
        using var stream = File.OpenRead(path);
        var header = NpyHeader.Read(stream, stream.Length, path);
        if (NpyPayload.IsPlainSingle(header))
            return Tensor.Create(NpyPayload.ReadSingles(stream, header, path), NpyArray.TensorLengths(header.Lengths));
        return new NpyArray(header.Type, header.Lengths, NpyPayload.Read(stream, header, path)).ToSingle();
    }

    /// <summary>Reads an array and keeps its element type.</summary>
    /// <exception cref="ArrayFormatException">The file is damaged, truncated or of another kind.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NpyArray Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, stream.Length, path);
    }

    /// <summary>Reads an array from a stream that knows its length, and leaves it behind the last element.</summary>
    /// <exception cref="ArrayFormatException">The content is damaged, truncated or of another kind.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek, so that the shape cannot be checked first.</exception>
    public static NpyArray Read(Stream stream, string source = ".npy stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek) throw new ArgumentException("The stream must be seekable; copy it to a MemoryStream first.", nameof(stream));
        return Read(stream, stream.Length - stream.Position, source);
    }

    /// <summary>Saves a float32 tensor through a temporary file.</summary>
    public static void Save(string path, in ReadOnlyTensorSpan<float> values) => Save(path, NpyArray.From(values));

    /// <summary>Saves an int32 tensor through a temporary file.</summary>
    public static void Save(string path, in ReadOnlyTensorSpan<int> values) => Save(path, NpyArray.From(values));

    /// <summary>Saves a tensor of bytes through a temporary file.</summary>
    public static void Save(string path, in ReadOnlyTensorSpan<byte> values) => Save(path, NpyArray.From(values));

    /// <summary>Saves an array in its own element type, little-endian and in C order, through a temporary file.</summary>
    /// <exception cref="IOException">The file cannot be written; an older one is untouched.</exception>
    public static void Save(string path, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        AtomicFile.Write(path, stream => Write(stream, array));
    }

    internal static NpyArray Read(Stream stream, long available, string source)
    {
        var header = NpyHeader.Read(stream, available, source);
        return new NpyArray(header.Type, header.Lengths, NpyPayload.Read(stream, header, source));
    }

    internal static void Write(Stream stream, NpyArray array)
    {
        NpyHeader.Write(stream, array.Type, array.Lengths);
        stream.Write(array.Bytes);
    }
}
