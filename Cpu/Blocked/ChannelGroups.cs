using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Destination channels as the tiles take them: groups of two blocks, the last one of one block where their number is odd.</summary>
/// <remarks>
/// Packed filters of a group are panels as wide as a tile, 2 vectors (1 where AVX-512 has only one block left): 32 channels of AVX-512 are one panel,
/// of AVX2 two. A panel is [depth][channels of the panel]; panels follow each other, groups follow each other: with a total depth of T, group g
/// starts at float g * 32 * T.
/// </remarks>
internal static unsafe class ChannelGroups
{
    /// <summary>Blocks of a full group.</summary>
    public const int Blocks = 2;

    /// <summary>Channels of a full group.</summary>
    public const int Channels = Blocks * BlockedLayout.Lanes;

    /// <summary>Groups of that many channels.</summary>
    public static int Count(int channels) => (BlockedLayout.Blocks(channels) + Blocks - 1) / Blocks;

    /// <summary>Blocks in a group: 2, or 1 in the last where their number is odd.</summary>
    public static int BlocksIn(int group, int channels) => Math.Min(Blocks, BlockedLayout.Blocks(channels) - group * Blocks);

    /// <summary>Lanes of an instruction set's vectors.</summary>
    public static int Width(Isa isa) => isa switch
    {
        Isa.Avx512 => 16,
        Isa.Avx2 => 8,
        Isa.Neon => 4,
        _ => 1,
    };

    /// <summary>Rows of the largest tile.</summary>
    public static int MostRows(int width) => width == 16 ? 14 : 6;

    /// <summary>Rows in each half of the tile that suits that many rows: a tile of 2 * half rows serves half to 2 * half. Every half up to that
    /// of the largest tile exists.</summary>
    public static int Half(int width, int rows) => (Math.Min(rows, MostRows(width)) + 1) / 2;

    /// <summary>Channels of a panel of a group with that many blocks.</summary>
    public static int PanelWidth(int width, int blocks) => width == 16 ? blocks * width : 2 * width;

    /// <summary>Where in packed filters a channel's weight of one depth stands.</summary>
    /// <param name="width">Lanes of a vector.</param>
    /// <param name="channels">All destination channels.</param>
    /// <param name="total">Length of a sum.</param>
    /// <param name="depth">The position in the sum.</param>
    /// <param name="channel">The destination channel.</param>
    public static long Position(int width, int channels, int total, int depth, int channel)
    {
        int group = channel / Channels, panelWidth = PanelWidth(width, BlocksIn(group, channels)), within = channel % Channels;
        return (long)group * Channels * total + (long)(within / panelWidth) * panelWidth * total + (long)depth * panelWidth + within % panelWidth;
    }

    /// <summary>Computes 2 * half rows of a group: sums[row][32], the rows of <paramref name="low"/> first.</summary>
    /// <param name="half">What <see cref="Half"/> gave.</param>
    /// <param name="blocks">Blocks of the group; with one, columns 16 to 31 of sums stay as they are.</param>
    /// <param name="source">What the rows read.</param>
    /// <param name="low">The first row; the others follow by steps.</param>
    /// <param name="high">Row number half.</param>
    /// <param name="filters">The group's panels.</param>
    /// <param name="sums">Room for 14 rows of 32 floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(int half, int blocks, in TileSource source, byte* low, byte* high, float* filters, float* sums)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (TS.Width == 16 && blocks == 1)
        {
            Panel<TS, TV, One>(half, source, low, high, filters, sums);
            return;
        }

        int panelWidth = 2 * TS.Width, total = source.Total;
        for (int column = 0; column < blocks * BlockedLayout.Lanes; column += panelWidth)
        {
            Panel<TS, TV, Two>(half, source, low, high, filters, sums + column);
            filters += (nint)total * panelWidth;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Panel<TS, TV, TColumns>(int half, in TileSource source, byte* low, byte* high, float* filters, float* sums)
        where TS : struct, ISimd<TV> where TV : unmanaged where TColumns : struct, ICount
    {
        switch (half)
        {
            case 7 when TS.Width == 16:
                BlockedTile.Run<TS, TV, Seven, TColumns>(source, low, high, filters, sums);
                break;
            case 6 when TS.Width == 16:
                BlockedTile.Run<TS, TV, Six, TColumns>(source, low, high, filters, sums);
                break;
            case 5 when TS.Width == 16:
                BlockedTile.Run<TS, TV, Five, TColumns>(source, low, high, filters, sums);
                break;
            case 4 when TS.Width == 16:
                BlockedTile.Run<TS, TV, Four, TColumns>(source, low, high, filters, sums);
                break;
            case 3:
                BlockedTile.Run<TS, TV, Three, TColumns>(source, low, high, filters, sums);
                break;
            case 2:
                BlockedTile.Run<TS, TV, Two, TColumns>(source, low, high, filters, sums);
                break;
            default:
                BlockedTile.Run<TS, TV, One, TColumns>(source, low, high, filters, sums);
                break;
        }
    }
}
