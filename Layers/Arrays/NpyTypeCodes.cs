namespace Preimage.Layers.Arrays;

/// <summary>NumPy's type codes beside ours.</summary>
internal static class NpyTypeCodes
{
    static readonly (string Code, NpyType Type, int Size)[] s_codes =
    [
        ("f2", NpyType.Half, 2), ("f4", NpyType.Single, 4), ("f8", NpyType.Double, 8),
        ("i1", NpyType.SByte, 1), ("u1", NpyType.Byte, 1), ("i2", NpyType.Int16, 2), ("u2", NpyType.UInt16, 2),
        ("i4", NpyType.Int32, 4), ("u4", NpyType.UInt32, 4), ("i8", NpyType.Int64, 8), ("u8", NpyType.UInt64, 8),
        ("b1", NpyType.Boolean, 1),
    ];

    public static int SizeOf(NpyType type) => Array.Find(s_codes, entry => entry.Type == type).Size;

    /// <summary>The little-endian <c>descr</c> of a type; single bytes have no order and take <c>|</c>.</summary>
    public static string DescrOf(NpyType type)
    {
        var (code, _, size) = Array.Find(s_codes, entry => entry.Type == type);
        return (size == 1 ? "|" : "<") + code;
    }

    public static bool TryParse(string descr, out NpyType type, out bool bigEndian)
    {
        type = default;
        bigEndian = false;
        if (descr.Length != 3 || "<>|=".IndexOf(descr[0]) < 0) return false;
        int index = Array.FindIndex(s_codes, entry => entry.Code == descr[1..]);
        if (index < 0 || (descr[0] == '|' && s_codes[index].Size > 1)) return false;
        type = s_codes[index].Type;
        // '=' is the writer's own order; no big-endian machine writes it any more.
        bigEndian = descr[0] == '>';
        return true;
    }
}
