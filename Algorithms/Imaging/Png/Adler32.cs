namespace Preimage.Algorithms.Imaging.Png;

/// <summary>The checksum of a zlib stream (RFC 1950); starts with 1.</summary>
internal static class Adler32
{
    const uint Modulus = 65521;
    // The most bytes whose sums stay within 32 bits before a reduction.
    const int Run = 5552;

    public static uint Append(uint adler, ReadOnlySpan<byte> bytes)
    {
        uint low = adler & 0xFFFF, high = adler >> 16;
        while (!bytes.IsEmpty)
        {
            var run = bytes[..Math.Min(Run, bytes.Length)];
            foreach (byte value in run)
            {
                low += value;
                high += low;
            }
            low %= Modulus;
            high %= Modulus;
            bytes = bytes[run.Length..];
        }
        return high << 16 | low;
    }
}
