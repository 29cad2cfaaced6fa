using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Preimage.Layers.Weights;

/// <summary>How a floating-point weight is stored, little-endian.</summary>
internal enum ElementFormat
{
    /// <summary>IEEE 754 binary32.</summary>
    Single,

    /// <summary>IEEE 754 binary64.</summary>
    Double,

    /// <summary>IEEE 754 binary16.</summary>
    Half,

    /// <summary>The upper 16 bits of binary32.</summary>
    BFloat16,
}

/// <summary>Stored weights to float32.</summary>
internal static class ElementFormats
{
    /// <summary>The bytes of one element.</summary>
    public static int Size(this ElementFormat format) => format switch
    {
        ElementFormat.Single => 4,
        ElementFormat.Double => 8,
        _ => 2,
    };

    /// <summary>Converts as many elements as the destination holds; halves widen exactly, doubles are rounded to nearest.</summary>
    public static void Convert(this ElementFormat format, ReadOnlySpan<byte> source, Span<float> destination)
    {
        switch (format)
        {
            case ElementFormat.Single:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case ElementFormat.Double:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(source), destination);
                break;
            case ElementFormat.Half:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            default:
                ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<byte, ushort>(source);
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
                break;
        }
    }
}
