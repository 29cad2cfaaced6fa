using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>The product of one position: transformed tiles times transformed filters, M = V U.</summary>
/// <remarks>
/// V is [blocks of the source's channels][tiles][16]; rows of a tile are 64 bytes apart, and a segment is a block of channels. Each sum is one chain
/// from +0 over the source's channels in order, whatever tile it is part of. Sums are rows of 32 channels; a tile of 9 rows writes 14, those
/// in the middle twice: <see cref="Rows"/> says where each one went.
/// </remarks>
internal static unsafe class WinogradProducts
{
    /// <summary>Rows the next tile takes of those that are left: all it can, unless two smaller tiles waste less.</summary>
    public static int Take(int width, int left)
    {
        int most = ChannelGroups.MostRows(width), half = ChannelGroups.Half(width, (most / 2) + 1);
        return left <= most ? left : left <= 4 * half ? 2 * half : most;
    }

    /// <summary>Rows of sums that so many tiles give; where each goes, if asked.</summary>
    public static int Rows(int width, int tiles, int* rows)
    {
        int sum = 0;
        for (int first = 0, count; first < tiles; first += count)
        {
            count = Take(width, tiles - first);
            int half = ChannelGroups.Half(width, count);
            for (int row = 0; rows != null && row < count; row++)
                rows[first + row] = sum + (row < half ? row : row + 2 * half - count);
            sum += 2 * half;
        }

        return sum;
    }

    /// <summary>Computes all rows of a group of destination channels.</summary>
    /// <param name="source">Segments and steps of V.</param>
    /// <param name="tiles">How many tiles.</param>
    /// <param name="blocks">Blocks of the group.</param>
    /// <param name="v">The first tile's first block.</param>
    /// <param name="filters">The group's panels at this position.</param>
    /// <param name="next">What is needed next, in one stretch or one for each segment: comes into the cache meanwhile, spread over all tiles.</param>
    /// <param name="nextBytes">How much of it.</param>
    /// <param name="sums">Receives the rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(in TileSource source, int tiles, int blocks, float* v, float* filters, byte* next, nint nextBytes, float* sums)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int panelTiles = 0;
        for (int first = 0; first < tiles; first += Take(TS.Width, tiles - first))
            panelTiles++;
        TileSource own = source;
        own.AheadStep = nextBytes / (panelTiles * source.Total);
        own.Ahead = next;
        for (int first = 0, count; first < tiles; first += count)
        {
            count = Take(TS.Width, tiles - first);
            int half = ChannelGroups.Half(TS.Width, count);
            byte* low = (byte*)v + first * source.Step;
            ChannelGroups.Run<TS, TV>(half, blocks, own, low, low + (count - half) * source.Step, filters, sums);
            own.Ahead += own.AheadStep * (own.AheadOffsets == null ? source.Total : source.Depth);
            sums += 2 * half * BlockedTile.SumsStep;
        }
    }
}
