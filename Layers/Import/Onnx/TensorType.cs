namespace Preimage.Layers.Import.Onnx;

/// <summary>The element types of the format; the numbers are the standard's.</summary>
internal enum TensorType
{
    Undefined = 0, Float = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, String = 8, Bool = 9, Float16 = 10,
    Double = 11, UInt32 = 12, UInt64 = 13, Complex64 = 14, Complex128 = 15, BFloat16 = 16, Float8E4M3FN = 17, Float8E4M3FNUZ = 18,
    Float8E5M2 = 19, Float8E5M2FNUZ = 20, UInt4 = 21, Int4 = 22, Float4E2M1 = 23, Float8E8M0 = 24, UInt2 = 25, Int2 = 26,
}

/// <summary>What this library makes of element types.</summary>
internal static class TensorTypes
{
    /// <summary>Whether values of the type run as float32: float32 itself and the two halves it holds exactly.</summary>
    public static bool RunsAsFloat(this TensorType type) => type is TensorType.Float or TensorType.Float16 or TensorType.BFloat16;

    /// <summary>The bytes of one integer or boolean in raw_data, 0 for other types.</summary>
    public static int IntegerSize(this TensorType type) => type switch
    {
        TensorType.UInt8 or TensorType.Int8 or TensorType.Bool => 1,
        TensorType.UInt16 or TensorType.Int16 => 2,
        TensorType.Int32 or TensorType.UInt32 => 4,
        TensorType.Int64 or TensorType.UInt64 => 8,
        _ => 0,
    };
}
