using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>The blobs of a file by the name of their layer. They stay in the mapped file.</summary>
internal sealed class CaffeWeights
{
    readonly Dictionary<string, CaffeMessage[]> _layers = new(StringComparer.Ordinal);
    readonly MappedFile _file;
    readonly MappedStorage _storage;

    public CaffeWeights(CaffeMessage model, MappedFile file, MappedStorage storage)
    {
        _file = file;
        _storage = storage;
        foreach (CaffeMessage layer in model.Messages("layers").Concat(model.Messages("layer")))
        {
            // Of twins for training and testing the one that has weights counts.
            if (layer.Has("blobs"))
                _layers.TryAdd(layer.Text("name"), [.. layer.Messages("blobs")]);
        }
    }

    /// <summary>How many blobs a layer has.</summary>
    public int Count(string layer) => _layers.TryGetValue(layer, out CaffeMessage[]? blobs) ? blobs.Length : 0;

    /// <summary>The extents a blob declares: four in old files.</summary>
    /// <exception cref="ShapeException">They are out of range.</exception>
    public int[] Extents(string layer, int index)
    {
        CaffeMessage blob = _layers[layer][index];
        int[] extents = blob.Has("shape") ? blob.Message("shape").Integers("dim")
            : blob.Has("num") || blob.Has("channels") || blob.Has("height") || blob.Has("width")
                ? [blob.Integer("num", 0), blob.Integer("channels", 0), blob.Integer("height", 0), blob.Integer("width", 0)]
            : [];
        return Array.TrueForAll(extents, e => e >= 0) && extents.Length <= 32
            ? extents
            : throw new ShapeException($"its blob {index} has the extents {string.Join('x', extents)}");
    }

    /// <summary>A blob under the extents its layer gives it.</summary>
    /// <exception cref="ShapeException">It has others, or another number of values.</exception>
    public WeightSource Read(string layer, int index, ReadOnlySpan<int> extents)
    {
        int[] own = Extents(layer, index), wanted = extents.ToArray();
        // Old files have four extents always, the leading ones 1.
        if (!own.SkipWhile(e => e == 1).SequenceEqual(wanted.SkipWhile(e => e == 1)))
            throw new ShapeException($"its blob {index} is {string.Join('x', own)} where its parameters ask for {string.Join('x', wanted)}");
        CaffeMessage blob = _layers[layer][index];
        long count = wanted.Aggregate(1L, (a, b) => checked(a * b));
        if (blob.Payloads is [var only])
        {
            ElementFormat format = Format(only.Content);
            Require(only.Length / format.Size(), count, only.Length % format.Size() == 0, index);
            return new MappedWeights(_storage, _file, only.Offset, format, extents);
        }

        long held = blob.Payloads.Sum(p => p.Length / Format(p.Content).Size());
        Require(held, count, true, index);
        return new MemoryWeights(Join(blob, (int)count), extents);
    }

    /// <summary>The values of a blob that was written in pieces.</summary>
    unsafe float[] Join(CaffeMessage blob, int count)
    {
        var values = new float[count];
        int at = 0;
        foreach ((CaffeContent content, long offset, long length) in blob.Payloads)
        {
            int piece = (int)(length / Format(content).Size());
            Format(content).Convert(new ReadOnlySpan<byte>(_file.Address + offset, piece * Format(content).Size()), values.AsSpan(at, piece));
            at += piece;
        }

        return values;
    }

    static ElementFormat Format(CaffeContent content) => content == CaffeContent.Doubles ? ElementFormat.Double : ElementFormat.Single;

    static void Require(long held, long count, bool whole, int index)
    {
        if (held != count || !whole)
            throw new ShapeException($"its blob {index} holds {held} values where its extents ask for {count}");
    }
}
