namespace Preimage.Layers.Planning;

/// <summary>Runs of bits, the least significant of a byte first.</summary>
internal static class BitRun
{
    /// <summary>Copies a run of bits to anywhere in another array; bits beside it stay as they are.</summary>
    public static void Copy(ReadOnlySpan<byte> from, long fromBit, Span<byte> to, long toBit, long count)
    {
        if ((fromBit | toBit) % 8 == 0)
        {
            long whole = count / 8 * 8;
            from.Slice((int)(fromBit / 8), (int)(whole / 8)).CopyTo(to[(int)(toBit / 8)..]);
            (fromBit, toBit, count) = (fromBit + whole, toBit + whole, count - whole);
        }

        for (long i = 0; i < count; i++)
        {
            int bit = from[(int)((fromBit + i) / 8)] >> (int)((fromBit + i) % 8) & 1, at = (int)((toBit + i) % 8);
            ref byte target = ref to[(int)((toBit + i) / 8)];
            target = (byte)(target & ~(1 << at) | bit << at);
        }
    }
}
