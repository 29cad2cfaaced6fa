using Preimage.Layers.Arrays;

namespace Preimage.Layers.Weights;

/// <summary>Reads files that hold weights without a network: NumPy's .npz and safetensors.</summary>
public static class WeightFile
{
    /// <summary>Reads every array as float32, in the order of the file.</summary>
    /// <param name="path">The file; its content says which kind it is.</param>
    /// <returns>Arrays by name, for <see cref="Network.WithWeights"/>. Integers of a safetensors file are no weights and are left out.</returns>
    /// <exception cref="ArrayFormatException">The file is damaged, or of neither kind.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<KeyValuePair<string, WeightSource>> Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>Reads every array of a seekable stream.</summary>
    /// <param name="stream">The stream, read from its start.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="ArrayFormatException">The content is damaged, or of neither kind.</exception>
    public static IReadOnlyList<KeyValuePair<string, WeightSource>> Load(Stream stream, string source = "weight stream")
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Position = 0;
        Span<byte> mark = stackalloc byte[4];
        int read = stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (!mark[..read].SequenceEqual("PK\u0003\u0004"u8))
            return SafetensorsFile.Read(stream, source);
        NpzFile archive = NpzFile.Load(stream, source);
        return [.. archive.Names.Select(name => new KeyValuePair<string, WeightSource>(name, Of(archive[name], $"{source}[{name}]")))];
    }

    static MemoryWeights Of(NpyArray array, string source)
    {
        var extents = new int[array.Lengths.Length];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = array.Lengths[i] <= int.MaxValue
                ? (int)array.Lengths[i]
                : throw new ArrayFormatException(source, $"the extent {array.Lengths[i]} is above {int.MaxValue}.");
        }

        var values = new float[array.Count];
        NpyConversion.ToSingle(array.Bytes, array.Type, values);
        return new MemoryWeights(values, extents);
    }
}
