namespace Preimage.Cpu.Images;

/// <summary>How the pixels of images are cut into tickets where all channels of a pixel are worked on together.</summary>
internal static class PixelTickets
{
    /// <summary>Pixels of a ticket: with three channels 48 KB of each array.</summary>
    public const int Chunk = 4096;

    /// <summary>Chunks a plane is cut into.</summary>
    public static int PerPlane(long plane) => checked((int)((plane + Chunk - 1) / Chunk));

    /// <summary>Where a chunk starts and how long it is.</summary>
    public static (nint Start, nint Count) Range(int chunk, long plane)
    {
        long start = (long)chunk * Chunk;
        return ((nint)start, (nint)Math.Min(Chunk, plane - start));
    }
}
