using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>From transformed tiles to finished pixels of a group of destination channels: 36 products, kept in the second-level cache, and what follows.</summary>
internal unsafe struct WinogradGroup
{
    /// <summary>Positions whose products fetch the next source, before the others fetch the destination.</summary>
    const int Half = WinogradTiles.Positions / 2;

    /// <summary>Floats of a page, over whose end the processor does not read ahead by itself.</summary>
    const int Near = 1024;

    public WinogradTiles Problem;
    public WinogradSource Source;
    public WinogradLane Lane;

    /// <summary>The first group's panels of this way; null where each group turns its own.</summary>
    public float* Filters;

    /// <summary>What turns filters of the other way; null where they were packed for this one.</summary>
    public WinogradTurned? Turned;

    public float* Destination;
    public Epilogue Epilogue;

    /// <summary>Runs a group for a vector of tiles, which <see cref="WinogradAcross"/> suits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void RunAcross<TS, TV>(float* v, int group, int first, int count, nint scratch)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        WinogradAcross.Run<TS, TV>(Problem, Turned.GetValueOrDefault(), group, v, Source.Position, (nint*)(scratch + Lane.Offsets), (float*)scratch, Lane.Position);
        int* rows = (int*)(scratch + Lane.Rows);
        for (int row = 0; row < count; row++)
            rows[row] = row;
        for (int block = 0; block < ChannelGroups.BlocksIn(group, Problem.Channels); block++)
        {
            WinogradOutput.Store<TS, TV>(Problem, true, Epilogue, (float*)scratch + block * WinogradAcross.Tiles * BlockedTile.SumsStep, Lane.Position, rows,
                group * ChannelGroups.Blocks + block, first, count, Destination, (float*)(scratch + Lane.Lines));
        }
    }

    /// <summary>Runs a group for a block of tiles.</summary>
    /// <param name="segments">The segments of V.</param>
    /// <param name="v">The first tile's first value.</param>
    /// <param name="group">Which group of channels.</param>
    /// <param name="first">The first tile, counted through all samples.</param>
    /// <param name="count">How many tiles.</param>
    /// <param name="scratch">The lane's.</param>
    /// <param name="next">The source of the lane's next ticket, if filters need not be fetched from afar; or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TS, TV>(in TileSource segments, float* v, int group, int first, int count, nint scratch, WinogradAhead? next)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int blocks = ChannelGroups.BlocksIn(group, Problem.Channels);
        // A single tile reads its panel as fast as it comes: what it lacks is the next page, not the next panel.
        bool isSingle = count <= ChannelGroups.MostRows(TS.Width);
        bool turns = Filters == null;
        nint step = turns ? 0 : Problem.PositionStep(blocks);
        float* filters = turns ? (float*)(scratch + Lane.Panels) : Filters + Problem.GroupStart(group), m = (float*)scratch;
        WinogradTurned turned = Turned.GetValueOrDefault();
        TileSource own = segments;
        own.AheadOffsets = turns ? (nint*)(scratch + Lane.Offsets) : null;
        if (turns)
            turned.Offsets(TS.Width, Source.Blocks, own.AheadOffsets);
        var destination = WinogradAhead.OfDestination(Problem, Destination, group * ChannelGroups.Blocks, blocks, first, count);
        for (int position = 0; position < WinogradTiles.Positions; position++)
        {
            (nint ahead, nint bytes) = (0, 0);
            if (turns)
            {
                turned.Panels<TS, TV>(group, position, filters);
                // The next position, or the first of the next group.
                int after = (position + 1) % WinogradTiles.Positions;
                ahead = (nint)turned.Ahead(TS.Width, after == 0 ? group + 1 : group, after);
                bytes = Source.Blocks * ChannelGroups.Channels * BlockedLayout.Lanes * sizeof(float);
            }
            else if (next is { } source)
            {
                (ahead, bytes) = position < Half ? source[group * Half + position] : destination[position - Half];
            }

            if (bytes == 0)
                (ahead, bytes) = ((nint)(filters + (isSingle ? Near : step)), step * sizeof(float));
            WinogradProducts.Run<TS, TV>(own, count, blocks, v, filters, (byte*)ahead, bytes, m);
            v += Source.Position;
            filters += step;
            m += Lane.Position;
        }

        int* rows = (int*)(scratch + Lane.Rows);
        WinogradProducts.Rows(TS.Width, count, rows);
        for (int block = 0; block < blocks; block++)
        {
            WinogradOutput.Store<TS, TV>(Problem, Turned is not null, Epilogue, (float*)scratch + block * BlockedLayout.Lanes, Lane.Position, rows,
                group * ChannelGroups.Blocks + block, first, count, Destination, (float*)(scratch + Lane.Lines));
        }
    }
}
