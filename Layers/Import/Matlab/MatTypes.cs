namespace Preimage.Layers.Import.Matlab;

/// <summary>What a MATLAB array is: the class in its flags.</summary>
internal enum MatClass
{
    Cell = 1,
    Struct = 2,
    Object = 3,
    Char = 4,
    Sparse = 5,
    Double = 6,
    Single = 7,
    Int8 = 8,
    UInt8 = 9,
    Int16 = 10,
    UInt16 = 11,
    Int32 = 12,
    UInt32 = 13,
    Int64 = 14,
    UInt64 = 15,
    Function = 16,
    Opaque = 17,
}

/// <summary>How the numbers of a data element are stored: the type in its tag.</summary>
internal enum MatType
{
    Int8 = 1,
    UInt8 = 2,
    Int16 = 3,
    UInt16 = 4,
    Int32 = 5,
    UInt32 = 6,
    Single = 7,
    Double = 9,
    Int64 = 12,
    UInt64 = 13,
    Matrix = 14,
    Compressed = 15,
    Utf8 = 16,
    Utf16 = 17,
    Utf32 = 18,
}

/// <summary>What follows from a type or class.</summary>
internal static class MatTypes
{
    /// <summary>The bytes of one number; 0 where the type holds none.</summary>
    public static int Size(this MatType type) => type switch
    {
        MatType.Int8 or MatType.UInt8 or MatType.Utf8 => 1,
        MatType.Int16 or MatType.UInt16 or MatType.Utf16 => 2,
        MatType.Int32 or MatType.UInt32 or MatType.Single or MatType.Utf32 => 4,
        MatType.Double or MatType.Int64 or MatType.UInt64 => 8,
        _ => 0,
    };

    /// <summary>Whether arrays of this class hold numbers.</summary>
    public static bool IsNumeric(this MatClass type) => type is >= MatClass.Double and <= MatClass.UInt64;

    /// <summary>Whether float32 holds every number of the class.</summary>
    public static bool FitsSingle(this MatClass type) => type is >= MatClass.Single and <= MatClass.UInt16;
}
