using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Preimage.Layers.Arrays;

namespace Preimage.Layers;

/// <summary>The masks and switches of a forward run, keyed by node: all that the gradient-type methods read of it.</summary>
/// <remarks>
/// A mask is 1 bit per unit in NCHW order, least significant bit first; a switch is y*W + x of the maximum in the unpadded plane, -1 for
/// none, per pooled value in NCHW order. Two backends that run back over one record differ by rounding only.
/// </remarks>
public sealed class ForwardRecord
{
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The names of the recorded nodes.</summary>
    public IReadOnlyCollection<string> Nodes => _entries.Keys;

    /// <summary>Whether a recorded node holds switches rather than a mask.</summary>
    public bool HoldsSwitches(string node) => Find(node).Switches;

    /// <summary>The shape of a recorded node's output.</summary>
    public Shape ShapeOf(string node) => Find(node).Shape;

    /// <summary>The mask of a node: the bits themselves, which may be changed.</summary>
    /// <exception cref="PreimageException">The node has no mask.</exception>
    public Span<byte> Mask(string node) => Find(node) is { Switches: false } entry
        ? entry.Bytes
        : throw new PreimageException($"node '{node}' has recorded switches, not a mask");

    /// <summary>The switches of a node, which may be changed.</summary>
    /// <exception cref="PreimageException">The node has no switches.</exception>
    public Span<int> Switches(string node) => Find(node) is { Switches: true } entry
        ? MemoryMarshal.Cast<byte, int>(entry.Bytes.AsSpan())
        : throw new PreimageException($"node '{node}' has a recorded mask, not switches");

    /// <summary>Writes the record as .npz: <c>mask/NODE</c> (uint8), <c>switches/NODE</c> (int32) and <c>shape/NODE</c> (int32) for every node.</summary>
    public void Save(string path)
    {
        var arrays = new Dictionary<string, NpyArray>();
        foreach ((string node, Entry entry) in _entries)
        {
            arrays[$"shape/{node}"] = NpyArray.From(Tensor.Create(entry.Shape.ToArray()));
            if (entry.Switches)
                arrays[$"switches/{node}"] = NpyArray.From(Tensor.Create(MemoryMarshal.Cast<byte, int>(entry.Bytes.AsSpan()).ToArray()));
            else
                arrays[$"mask/{node}"] = NpyArray.From(Tensor.Create(entry.Bytes));
        }

        NpzFile.Save(path, arrays);
    }

    /// <summary>Reads a record that <see cref="Save"/> wrote.</summary>
    /// <exception cref="PreimageException">The file is an archive of something else.</exception>
    public static ForwardRecord Load(string path)
    {
        NpzFile arrays = NpzFile.Load(path);
        var record = new ForwardRecord();
        foreach (string name in arrays.Names)
        {
            NpyArray array = arrays[name];
            int slash = name.IndexOf('/', StringComparison.Ordinal);
            string kind = slash < 0 ? "" : name[..slash], node = name[(slash + 1)..];
            if (kind == "shape")
                continue;
            if (kind is not ("mask" or "switches") || !arrays.Names.Contains($"shape/{node}"))
                throw new PreimageException($"'{path}' is not a forward record: it holds '{name}'");
            int[] extents = Values<int>(arrays[$"shape/{node}"].ToInt32());
            byte[] bytes = kind == "mask"
                ? Values<byte>(array.ToByte())
                : MemoryMarshal.AsBytes<int>(Values<int>(array.ToInt32())).ToArray();
            record.Set(node, kind == "switches", new Shape(extents), bytes);
        }

        return record;

        static T[] Values<T>(Tensor<T> tensor)
        {
            var values = new T[tensor.FlattenedLength];
            tensor.FlattenTo(values);
            return values;
        }
    }

    internal void Set(string node, bool switches, Shape shape, byte[] bytes) => _entries[node] = new Entry(switches, shape, bytes);

    internal ReadOnlySpan<byte> Get(string node, Shape shape, int bytes)
    {
        Entry entry = Find(node);
        return entry.Shape == shape && entry.Bytes.Length == bytes
            ? entry.Bytes
            : throw new PreimageException($"the record of node '{node}' is for {entry.Shape}, the plan runs {shape}");
    }

    Entry Find(string node) => _entries.TryGetValue(node, out Entry? entry)
        ? entry
        : throw new PreimageException($"the record has nothing for node '{node}': it is of another network");

    sealed record Entry(bool Switches, Shape Shape, byte[] Bytes);
}
