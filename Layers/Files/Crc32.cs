namespace Preimage.Layers.Files;

/// <summary>The CRC-32 of PNG and zip (ISO 3309, reflected polynomial 0xEDB88320).</summary>
public static class Crc32
{
    static readonly uint[] s_table = BuildTable();

    /// <summary>Computes the checksum of a whole block.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Continues a checksum over further bytes; start with <paramref name="crc"/> = 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[] table = s_table;
        uint state = ~crc;
        foreach (byte value in bytes) state = table[(byte)(state ^ value)] ^ (state >> 8);
        return ~state;
    }

    static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320u ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
