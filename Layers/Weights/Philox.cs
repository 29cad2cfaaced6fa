namespace Preimage.Layers.Weights;

/// <summary>Philox4x32-10: a counter-based random generator; any element without the ones before it, the same bits on every device.</summary>
/// <remarks>
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), section 4.3. The key is the seed; element i of a
/// stream is word i%4 of the block with counter (i/4, stream).
/// </remarks>
public static class Philox
{
    const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57, WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;
    const int Rounds = 10;

    /// <summary>The four words of one block.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong seed, ulong counter, ulong stream = 0)
    {
        uint x = (uint)counter, y = (uint)(counter >> 32), z = (uint)stream, w = (uint)(stream >> 32);
        uint keyA = (uint)seed, keyB = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * x, b = (ulong)MultiplierB * z;
            (x, y, z, w) = ((uint)(b >> 32) ^ y ^ keyA, (uint)b, (uint)(a >> 32) ^ w ^ keyB, (uint)a);
            keyA += WeylA;
            keyB += WeylB;
        }

        return (x, y, z, w);
    }

    /// <summary>Fills a span with elements of a stream, each uniform on the 32-bit integers.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">Which of 2^64 independent streams.</param>
    /// <param name="first">The index of the first element.</param>
    /// <param name="words">Receives the elements.</param>
    public static void Fill(ulong seed, ulong stream, long first, Span<uint> words)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        for (int i = 0; i < words.Length;)
        {
            long element = first + i;
            (uint x, uint y, uint z, uint w) = Block(seed, (ulong)element / 4, stream);
            for (int lane = (int)(element % 4); lane < 4 && i < words.Length; lane++, i++)
                words[i] = lane switch { 0 => x, 1 => y, 2 => z, _ => w };
        }
    }

    /// <summary>The midpoint of a word's interval of the open unit interval: never 0, never 1.</summary>
    public static double ToUnit(uint word) => (word + 0.5) * (1.0 / 4294967296.0);
}
