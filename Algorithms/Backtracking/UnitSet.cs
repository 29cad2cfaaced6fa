using System.Numerics;
using System.Numerics.Tensors;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Backtracking;

/// <summary>Some units of a node's value, as a bitmap. Immutable.</summary>
/// <remarks>Unit i of a sample of C x H x W is row i % (H W) / W, column i % W of channel i / (H W).</remarks>
public sealed class UnitSet : IEquatable<UnitSet>
{
    const int WordBits = 64;

    readonly ulong[] _bits;

    /// <summary>Takes the bits over.</summary>
    UnitSet(string node, Shape shape, ulong[] bits)
    {
        (Node, Shape, _bits) = (node, shape, bits);
        foreach (ulong word in bits)
            Count += BitOperations.PopCount(word);
    }

    /// <summary>The name of the node.</summary>
    public string Node { get; }

    /// <summary>The shape of one sample of the node's value; its N is 1.</summary>
    public Shape Shape { get; }

    /// <summary>How many units are in the set.</summary>
    public int Count { get; }

    /// <summary>How many units the node has.</summary>
    public int Units => Shape.SampleCount;

    /// <summary>Makes the set of the listed units.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="shape">The shape of one sample of its value.</param>
    /// <param name="indices">Units, in any order; one listed twice counts once.</param>
    /// <exception cref="PreimageException">The node has no such unit.</exception>
    public static UnitSet Of(string node, Shape shape, params ReadOnlySpan<int> indices)
    {
        ulong[] bits = Empty(node, ref shape);
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)shape.SampleCount)
                throw new PreimageException($"unit {index} of node '{node}': it has units 0 to {shape.SampleCount - 1} ({shape})");
            bits[index / WordBits] |= 1UL << (index % WordBits);
        }

        return new UnitSet(node, shape, bits);
    }

    /// <summary>Makes the set of the units above a number.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="shape">The shape of one sample of its value.</param>
    /// <param name="values">One value per unit.</param>
    /// <param name="threshold">Units strictly above it are in the set.</param>
    /// <exception cref="PreimageException">There are not as many values as units.</exception>
    public static UnitSet Above(string node, Shape shape, ReadOnlySpan<float> values, float threshold = 0)
    {
        ulong[] bits = Empty(node, ref shape);
        if (values.Length != shape.SampleCount)
            throw new PreimageException($"{values.Length} values for the {shape.SampleCount} units of node '{node}' ({shape})");
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > threshold)
                bits[i / WordBits] |= 1UL << (i % WordBits);
        }

        return new UnitSet(node, shape, bits);
    }

    /// <summary>Whether a unit is in the set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The node has no such unit.</exception>
    public bool Contains(int unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unit);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(unit, Units);
        return (_bits[unit / WordBits] >> (unit % WordBits) & 1) != 0;
    }

    /// <summary>The units in rising order.</summary>
    public int[] ToIndices()
    {
        var indices = new int[Count];
        int next = 0;
        for (int word = 0; word < _bits.Length; word++)
        {
            for (ulong left = _bits[word]; left != 0; left &= left - 1)
                indices[next++] = word * WordBits + BitOperations.TrailingZeroCount(left);
        }

        return indices;
    }

    /// <summary>Units in both sets: what two images have in common.</summary>
    /// <exception cref="PreimageException">The other set is of another node.</exception>
    public UnitSet And(UnitSet other) => Joined(other, static (a, b) => a & b);

    /// <summary>Units in this set and not in the other: what is unique to one image.</summary>
    /// <exception cref="PreimageException">The other set is of another node.</exception>
    public UnitSet Except(UnitSet other) => Joined(other, static (a, b) => a & ~b);

    /// <summary>Units in either set.</summary>
    /// <exception cref="PreimageException">The other set is of another node.</exception>
    public UnitSet Or(UnitSet other) => Joined(other, static (a, b) => a | b);

    /// <summary>Some of the units, drawn without favour.</summary>
    /// <param name="count">How many, 0 to <see cref="Count"/>.</param>
    /// <param name="seed">The same seed draws the same units.</param>
    /// <exception cref="PreimageException">There are not that many.</exception>
    public UnitSet Draw(int count, ulong seed)
    {
        if (count < 0 || count > Count)
            throw new PreimageException($"drawing {count} units of a set of {Count} at node '{Node}': 0 to {Count} can be drawn");
        int[] indices = ToIndices();
        var words = new uint[Math.Max(count, 1)];
        Philox.Fill(seed, 0, 0, words);
        // The start of a Fisher-Yates shuffle.
        for (int i = 0; i < count; i++)
        {
            int other = i + (int)(Philox.ToUnit(words[i]) * (indices.Length - i));
            (indices[i], indices[other]) = (indices[other], indices[i]);
        }

        return Of(Node, Shape, indices.AsSpan(0, count));
    }

    /// <summary>Sets the units of the set to zero in a sample of the node's value.</summary>
    /// <exception cref="PreimageException">There are not as many values as units.</exception>
    public void Suppress(Span<float> values)
    {
        if (values.Length != Units)
            throw new PreimageException($"suppressing units of node '{Node}' in {values.Length} values: a sample has {Units} ({Shape})");
        for (int word = 0; word < _bits.Length; word++)
        {
            for (ulong left = _bits[word]; left != 0; left &= left - 1)
                values[word * WordBits + BitOperations.TrailingZeroCount(left)] = 0;
        }
    }

    /// <summary>Writes the set as .npy: uint8 of the sample's extents, 1 for the units in the set.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var bytes = new byte[Units];
        foreach (int unit in ToIndices())
            bytes[unit] = 1;
        NpyFile.Save(path, Tensor.Create(bytes, [.. Shape.ToArray().Skip(1).Select(e => (nint)e)]).AsReadOnlyTensorSpan());
    }

    /// <summary>Reads a set that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="node">The name of the node it is of, which the file does not hold.</param>
    /// <exception cref="PreimageException">The array is no set.</exception>
    /// <exception cref="ArrayFormatException">The file is damaged, or no array.</exception>
    public static UnitSet Load(string path, string node)
    {
        NpyArray array = NpyFile.Read(path);
        if (array.Type is not (NpyType.Byte or NpyType.Boolean) || array.Lengths.Length is < 1 or > Layers.Shape.MaxRank - 1)
            throw new PreimageException($"'{path}' is no set of units: bytes or truth values of 1 to 3 axes are wanted, not {array.Type} of {array.Lengths.Length}");
        float[] values = new float[array.Count];
        array.ToSingle().FlattenTo(values);
        return Above(node, new Shape([1, .. array.Lengths.ToArray().Select(l => checked((int)l))]), values);
    }

    /// <inheritdoc/>
    public bool Equals(UnitSet? other) => other is not null && Node == other.Node && Shape == other.Shape && _bits.AsSpan().SequenceEqual(other._bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnitSet);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Node, Shape, Count, _bits.Aggregate(0UL, (hash, word) => unchecked(hash * 31 + word)));

    /// <summary>How many units of which node.</summary>
    public override string ToString() => $"{Count} of {Units} units of '{Node}'";

    static ulong[] Empty(string node, ref Shape shape)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (shape.Rank < 2)
            throw new PreimageException($"a set of units of node '{node}': its value {shape} has no axis beside the samples");
        shape = shape.WithSamples(1);
        return new ulong[(shape.SampleCount + WordBits - 1) / WordBits];
    }

    UnitSet Joined(UnitSet other, Func<ulong, ulong, ulong> join)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Node != other.Node || Shape != other.Shape)
            throw new PreimageException($"sets of units of different nodes: {this} ({Shape}) and {other} ({other.Shape})");
        var bits = new ulong[_bits.Length];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = join(_bits[i], other._bits[i]);
        return new UnitSet(Node, Shape, bits);
    }
}
