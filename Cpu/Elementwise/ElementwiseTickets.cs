namespace Preimage.Cpu.Elementwise;

/// <summary>How rows of elements are cut into tickets.</summary>
internal static class ElementwiseTickets
{
    /// <summary>Elements of a ticket: 64 KB, tens of microseconds; a multiple of 512, so that a ticket's mask bits fill whole cache lines.</summary>
    public const int Chunk = 16384;

    /// <summary>Chunks a row is cut into.</summary>
    public static int PerRow(long elements) => checked((int)((elements + Chunk - 1) / Chunk));

    /// <summary>Where a chunk starts and how long it is.</summary>
    public static (nint Start, nint Count) Range(int chunk, long elements)
    {
        long start = (long)chunk * Chunk;
        return ((nint)start, (nint)Math.Min(Chunk, elements - start));
    }
}
