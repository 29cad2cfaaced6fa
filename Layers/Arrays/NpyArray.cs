using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Preimage.Layers.Arrays;

/// <summary>An array as a .npy file holds it: element type, shape and elements in C order.</summary>
public sealed class NpyArray
{
    readonly nint[] _lengths;
    // Little-endian, C order, whatever the file had.
    readonly byte[] _bytes;

    internal NpyArray(NpyType type, nint[] lengths, byte[] bytes)
    {
        Type = type;
        _lengths = lengths;
        _bytes = bytes;
    }

    /// <summary>The element type, kept from the file.</summary>
    public NpyType Type { get; }

    /// <summary>The extents, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<nint> Lengths => _lengths;

    /// <summary>How many elements there are.</summary>
    public int Count => _bytes.Length / NpyTypeCodes.SizeOf(Type);

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Copies a float32 tensor.</summary>
    public static NpyArray From(in ReadOnlyTensorSpan<float> values) => FromTensor(NpyType.Single, values);

    /// <summary>Copies an int32 tensor.</summary>
    public static NpyArray From(in ReadOnlyTensorSpan<int> values) => FromTensor(NpyType.Int32, values);

    /// <summary>Copies a tensor of bytes.</summary>
    public static NpyArray From(in ReadOnlyTensorSpan<byte> values) => FromTensor(NpyType.Byte, values);

    /// <summary>The elements as float32; wider types are rounded, a scalar becomes a tensor of one element.</summary>
    public Tensor<float> ToSingle()
    {
        var values = new float[Count];
        NpyConversion.ToSingle(_bytes, Type, values);
        return Tensor.Create(values, TensorLengths(_lengths));
    }

    /// <summary>The elements as int32.</summary>
    /// <exception cref="OverflowException">An element has a fraction or does not fit.</exception>
    public Tensor<int> ToInt32()
    {
        var values = new int[Count];
        NpyConversion.ToInt32(_bytes, Type, values);
        return Tensor.Create(values, TensorLengths(_lengths));
    }

    /// <summary>The elements as bytes; truth values are 0 and 1.</summary>
    /// <exception cref="InvalidOperationException">The array is not of type <c>u1</c> or <c>b1</c>.</exception>
    public Tensor<byte> ToByte()
    {
        if (Type is not (NpyType.Byte or NpyType.Boolean))
            throw new InvalidOperationException($"The array holds {Type}, not bytes; use ToInt32 or ToSingle.");
        return Tensor.Create((byte[])_bytes.Clone(), TensorLengths(_lengths));
    }

    internal static nint[] TensorLengths(nint[] lengths) => lengths.Length == 0 ? [1] : lengths;

    static NpyArray FromTensor<T>(NpyType type, in ReadOnlyTensorSpan<T> values) where T : unmanaged
    {
        var elements = new T[values.FlattenedLength];
        values.FlattenTo(elements);
        byte[] bytes = MemoryMarshal.AsBytes<T>(elements).ToArray();
        // On a big-endian host the bytes are turned once here, so that _bytes has one meaning.
        if (!BitConverter.IsLittleEndian && Marshal.SizeOf<T>() == 4)
        {
            var words = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        return new NpyArray(type, values.Lengths.ToArray(), bytes);
    }
}
