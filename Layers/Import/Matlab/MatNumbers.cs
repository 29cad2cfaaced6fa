using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Preimage.Layers.Import.Matlab;

/// <summary>The numbers and characters of one data element, whatever type they are stored as.</summary>
internal static class MatNumbers
{
    /// <summary>Reads an element as float32; wider stored types are rounded.</summary>
    public static float[] Singles(MatBytes bytes, int count, string what)
    {
        MatTag tag = Sized(bytes, count, what);
        var values = GC.AllocateUninitializedArray<float>(count);
        bytes.Numbers(tag, count, what, (piece, first) =>
        {
            if (tag.Type == MatType.Single)
            {
                MemoryMarshal.Cast<byte, float>(piece).CopyTo(values.AsSpan(first));
                return;
            }

            int size = tag.Type.Size();
            for (int i = 0; i < piece.Length / size; i++)
                values[first + i] = (float)One(tag.Type, piece[(i * size)..]);
        });
        return values;
    }

    /// <summary>Reads an element as doubles; 64-bit integers are rounded.</summary>
    public static double[] Doubles(MatBytes bytes, int count, string what)
    {
        MatTag tag = Sized(bytes, count, what);
        var values = new double[count];
        bytes.Numbers(tag, count, what, (piece, first) =>
        {
            int size = tag.Type.Size();
            for (int i = 0; i < piece.Length / size; i++)
                values[first + i] = One(tag.Type, piece[(i * size)..]);
        });
        return values;
    }

    /// <summary>Reads an element of characters.</summary>
    public static string Text(MatBytes bytes, int most, string what)
    {
        MatTag tag = bytes.Tag();
        int size = tag.Type.Size();
        if (size == 0 || tag.Type is MatType.Single or MatType.Double)
            throw MatFile.Damaged($"{what} is stored as type {(int)tag.Type}, which holds no characters");
        if (tag.Size > (long)most * size)
            throw MatFile.Damaged($"{what} has {tag.Size} bytes: at most {(long)most * size} are read");
        var stored = new byte[tag.Size - (tag.Size % size)];
        bytes.Numbers(tag, stored.Length / size, what, (piece, first) => piece.CopyTo(stored.AsSpan(first * size)));
        return tag.Type switch
        {
            MatType.Utf8 => Encoding.UTF8.GetString(stored),
            MatType.Utf32 => Encoding.UTF32.GetString(stored),
            MatType.Int8 or MatType.UInt8 => Encoding.Latin1.GetString(stored),
            MatType.Int16 or MatType.UInt16 or MatType.Utf16 => Encoding.Unicode.GetString(stored),
            _ => throw MatFile.Damaged($"{what} is stored as type {(int)tag.Type}, which holds no characters"),
        };
    }

    /// <summary>The tag, checked against the count before anything of that size is allocated.</summary>
    static MatTag Sized(MatBytes bytes, int count, string what)
    {
        MatTag tag = bytes.Tag();
        int size = tag.Type.Size();
        return size > 0 && tag.Size == (long)count * size
            ? tag
            : throw MatFile.Damaged($"{what} has {tag.Size} bytes of type {(int)tag.Type} where {count} numbers are expected");
    }

    static double One(MatType type, ReadOnlySpan<byte> at) => type switch
    {
        MatType.Int8 => (sbyte)at[0],
        MatType.UInt8 or MatType.Utf8 => at[0],
        MatType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
        MatType.UInt16 or MatType.Utf16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
        MatType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
        MatType.UInt32 or MatType.Utf32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
        MatType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
        MatType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(at),
        MatType.Single => BinaryPrimitives.ReadSingleLittleEndian(at),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(at),
    };
}
