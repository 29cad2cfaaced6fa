using System.Buffers.Binary;

namespace Preimage.Layers.Arrays;

/// <summary>Little-endian elements of any .npy type to the two types the library computes with.</summary>
internal static class NpyConversion
{
    public static void ToSingle(ReadOnlySpan<byte> bytes, NpyType type, Span<float> values)
    {
        int size = NpyTypeCodes.SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            var element = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                NpyType.Half => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                NpyType.Single => BinaryPrimitives.ReadSingleLittleEndian(element),
                NpyType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                NpyType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(element),
                _ => ReadInteger(element, type),
            };
        }
    }

    public static void ToInt32(ReadOnlySpan<byte> bytes, NpyType type, Span<int> values)
    {
        int size = NpyTypeCodes.SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            var element = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                NpyType.Half => Whole((double)BinaryPrimitives.ReadHalfLittleEndian(element), i),
                NpyType.Single => Whole(BinaryPrimitives.ReadSingleLittleEndian(element), i),
                NpyType.Double => Whole(BinaryPrimitives.ReadDoubleLittleEndian(element), i),
                NpyType.UInt64 => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(element)),
                _ => checked((int)ReadInteger(element, type)),
            };
        }
    }

    static long ReadInteger(ReadOnlySpan<byte> element, NpyType type) => type switch
    {
        NpyType.SByte => (sbyte)element[0],
        NpyType.Byte => element[0],
        NpyType.Boolean => element[0] != 0 ? 1 : 0,
        NpyType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element),
        NpyType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
        NpyType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element),
        NpyType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
        NpyType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(element),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an integer type"),
    };

    static int Whole(double value, int index)
    {
        int whole = (int)value;
        return whole == value ? whole : throw new OverflowException($"Element {index} is {value}, not a 32-bit integer.");
    }
}
