using System.Diagnostics;
using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Products with filters of the other way that are read where they lie: they are broadcast, and tiles lie along the vector.</summary>
/// <remarks>
/// <para>For planes of few tiles and many channels, whose filters come from memory: nothing of them is turned, tiles are, which are fewer. Every sum is
/// the same chain of the same products as elsewhere, the same bits.</para>
/// <para>V is [36 positions][source's channels][16 tiles], sums are [32 destination channels][16 tiles] until squares of them are transposed in place.
/// Rows of the tile are destination channels: what is one depth apart in the filters of the other way is a row apart here.</para>
/// </remarks>
internal static unsafe class WinogradAcross
{
    /// <summary>Tiles of a vector.</summary>
    public const int Tiles = BlockedLayout.Lanes;

    /// <summary>Whether it pays, and covers a pass of so many tiles: fewer than half a vector would be wasted work; channels must fill groups.</summary>
    public static bool Suits(in WinogradTiles problem, Isa isa, int tiles) =>
        ChannelGroups.Width(isa) == Tiles && tiles is > Tiles / 2 and <= Tiles && problem.SourceChannels % ChannelGroups.Channels == 0
        && problem.Channels % BlockedLayout.Lanes == 0;

    /// <summary>Turns the transformed tiles of a block of channels, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn<TS, TV>(float* v, nint position)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        for (int i = 0; i < WinogradTiles.Positions; i++, v += position)
            TS.Transpose(v, Tiles, v, Tiles);
    }

    /// <summary>All sums of a group, as rows of tiles of 16 of its channels: those of the second block behind 16 of the first.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="turned">The filters.</param>
    /// <param name="group">Which group of channels.</param>
    /// <param name="v">Transformed tiles.</param>
    /// <param name="position">Floats from one position of them to the next.</param>
    /// <param name="offsets">Room for one for each group of the source's channels.</param>
    /// <param name="sums">Receives 32 rows at each position.</param>
    /// <param name="sumsPosition">Floats from one position of them to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TS, TV>(in WinogradTiles problem, in WinogradTurned turned, int group, float* v, nint position, nint* offsets, float* sums,
        nint sumsPosition)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        const int Step = ChannelGroups.Channels * sizeof(float);
        Debug.Assert(TS.Width == Tiles);
        int segments = problem.SourceChannels / ChannelGroups.Channels, channels = ChannelGroups.BlocksIn(group, problem.Channels) * BlockedLayout.Lanes;
        turned.Offsets(segments, offsets);
        var source = new TileSource { Step = Step, Offsets = offsets, Segments = segments, Depth = ChannelGroups.Channels, AheadOffsets = offsets };
        for (int i = 0; i < WinogradTiles.Positions; i++, v += position, sums += sumsPosition)
        {
            byte* rows = turned.Rows(group, i);
            for (int first = 0, count; first < channels; first += count)
            {
                count = Take(channels - first);
                int half = count / 2, left = channels - first - count;
                byte* low = rows + first * Step;
                // The rows that come next, or the next position's first.
                int next = Take(left == 0 ? channels : left);
                source.Ahead = left == 0 ? turned.Rows(group, (i + 1) % WinogradTiles.Positions) : low + count * Step;
                source.AheadStep = next * Step / ChannelGroups.Channels;
                ChannelGroups.Run<TS, TV>(half, 1, source, low, low + half * Step, v, sums + first * BlockedTile.SumsStep);
            }

            for (int first = 0; first < channels; first += Tiles)
            {
                float* square = sums + first * BlockedTile.SumsStep;
                TS.Transpose(square, BlockedTile.SumsStep, square, BlockedTile.SumsStep);
            }
        }
    }

    /// <summary>Rows of the next tile: 12, 10 and 10, or 8 and 8.</summary>
    static int Take(int left) => left switch
    {
        ChannelGroups.Channels => 12,
        20 or 10 => 10,
        _ => 8,
    };
}
