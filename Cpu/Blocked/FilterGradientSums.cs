using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Sums of filter gradients for a group of output channels as the tiles leave them, [position in a filter][32 or 16 channels].</summary>
/// <remarks>Groups are those of <see cref="ChannelGroups"/>: two blocks, one where their number is odd.</remarks>
internal static unsafe class FilterGradientSums
{
    /// <summary>Floats between rows of sums.</summary>
    public const int Step = ChannelGroups.Channels;

    /// <summary>Rows of a tile over channels of a block: 16 where the group has one block only, so that there are chains enough.</summary>
    public static int ChannelRows(int width, int blocks) => width != BlockedLayout.Lanes ? 4 : blocks == 1 ? 16 : 8;

    /// <summary>Rows of a tile over patches of a picture.</summary>
    public static int PatchRows(int width) => width == BlockedLayout.Lanes ? 14 : 4;

    /// <summary>Adds the products of some pixels to that many rows of sums, for all channels of the group.</summary>
    /// <param name="rows">What <see cref="ChannelRows"/> or <see cref="PatchRows"/> gave.</param>
    /// <param name="blocks">Blocks of the group.</param>
    /// <param name="walk">The pixels.</param>
    /// <param name="x">The first row's float of the first pixel.</param>
    /// <param name="dy">The first output, in the group's first block.</param>
    /// <param name="sums">The first row of sums.</param>
    /// <param name="sumsStep">Floats between rows of sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TS, TV>(int rows, int blocks, in FilterGradientWalk walk, byte* x, byte* dy, float* sums, nint sumsStep)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        if (TS.Width == BlockedLayout.Lanes)
        {
            switch (rows)
            {
                case 14 when blocks == 2:
                    FilterGradientTile.Run<TS, TV, Fourteen, Two>(walk, x, dy, sums, sumsStep);
                    break;
                case 14:
                    FilterGradientTile.Run<TS, TV, Fourteen, One>(walk, x, dy, sums, sumsStep);
                    break;
                case 16:
                    FilterGradientTile.Run<TS, TV, Sixteen, One>(walk, x, dy, sums, sumsStep);
                    break;
                default:
                    FilterGradientTile.Run<TS, TV, Eight, Two>(walk, x, dy, sums, sumsStep);
                    break;
            }

            return;
        }

        for (int block = 0; block < blocks; block++, dy += walk.SignalBlock, sums += BlockedLayout.Lanes)
        {
            for (int lane = 0; lane < BlockedLayout.Lanes; lane += 2 * TS.Width)
                FilterGradientTile.Run<TS, TV, Four, Two>(walk, x, dy + lane * sizeof(float), sums + lane, sumsStep);
        }
    }

    /// <summary>Writes sums to filters: filter k gets the k-th column.</summary>
    /// <param name="sums">The first row.</param>
    /// <param name="positions">Rows.</param>
    /// <param name="channels">Channels of the group that exist.</param>
    /// <param name="filters">The first of these positions in the group's first filter.</param>
    /// <param name="filter">Floats from a filter to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<TS, TV>(float* sums, int positions, int channels, float* filters, nint filter) where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int position = 0, whole = channels / TS.Width * TS.Width;
        for (; position + TS.Width <= positions; position += TS.Width)
        {
            for (int channel = 0; channel < whole; channel += TS.Width)
                TS.Transpose(sums + (nint)position * Step + channel, Step, filters + channel * filter + position, filter);
            for (int channel = whole; channel < channels; channel++)
                Column(sums, position, position + TS.Width, channel, filters + channel * filter);
        }

        for (int channel = 0; channel < channels; channel++)
            Column(sums, position, positions, channel, filters + channel * filter);
    }

    static void Column(float* sums, int position, int end, int channel, float* filter)
    {
        for (; position < end; position++)
            filter[position] = sums[(nint)position * Step + channel];
    }
}
