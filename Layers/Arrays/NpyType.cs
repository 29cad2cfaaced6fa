namespace Preimage.Layers.Arrays;

/// <summary>The element type of an array in a .npy file.</summary>
public enum NpyType
{
    /// <summary>16-bit floating point, <c>f2</c>.</summary>
    Half,

    /// <summary>32-bit floating point, <c>f4</c>.</summary>
    Single,

    /// <summary>64-bit floating point, <c>f8</c>.</summary>
    Double,

    /// <summary>Signed 8-bit integer, <c>i1</c>.</summary>
    SByte,

    /// <summary>Unsigned 8-bit integer, <c>u1</c>.</summary>
    Byte,

    /// <summary>Signed 16-bit integer, <c>i2</c>.</summary>
    Int16,

    /// <summary>Unsigned 16-bit integer, <c>u2</c>.</summary>
    UInt16,

    /// <summary>Signed 32-bit integer, <c>i4</c>.</summary>
    Int32,

    /// <summary>Unsigned 32-bit integer, <c>u4</c>.</summary>
    UInt32,

    /// <summary>Signed 64-bit integer, <c>i8</c>.</summary>
    Int64,

    /// <summary>Unsigned 64-bit integer, <c>u8</c>.</summary>
    UInt64,

    /// <summary>One byte per truth value, <c>b1</c>.</summary>
    Boolean,
}
