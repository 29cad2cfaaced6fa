namespace Preimage.Layers.Backends.Cpu;

/// <summary>Runs of bits, lowest first, between places that need not start at a whole byte.</summary>
internal static class MaskBits
{
    /// <summary>Ors bits into a place that is zero so far.</summary>
    public static void Copy(ReadOnlySpan<byte> from, long fromBit, Span<byte> to, long toBit, long count)
    {
        long done = 0;
        if (fromBit % 8 == 0 && toBit % 8 == 0)
        {
            int bytes = (int)(count / 8);
            from.Slice((int)(fromBit / 8), bytes).CopyTo(to[(int)(toBit / 8)..]);
            done = bytes * 8L;
        }

        for (; done < count; done++)
        {
            long source = fromBit + done, target = toBit + done;
            int bit = from[(int)(source / 8)] >> (int)(source % 8) & 1;
            to[(int)(target / 8)] |= (byte)(bit << (int)(target % 8));
        }
    }
}
