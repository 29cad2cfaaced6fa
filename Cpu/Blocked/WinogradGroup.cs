using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>From transformed tiles to finished pixels of a group of destination channels: 36 products, kept in the second-level cache, and what follows.</summary>
internal unsafe struct WinogradGroup
{
    public WinogradTiles Problem;
    public WinogradSource Source;
    public WinogradLane Lane;
    public nint FiltersStep;
    public float* Filters, Destination;
    public Epilogue Epilogue;

    /// <summary>Runs a group for a block of tiles.</summary>
    /// <param name="segments">The segments of V.</param>
    /// <param name="v">The first tile's first value.</param>
    /// <param name="group">Which group of channels.</param>
    /// <param name="first">The first tile, counted through all samples.</param>
    /// <param name="count">How many tiles.</param>
    /// <param name="scratch">The lane's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TS, TV>(in TileSource segments, float* v, int group, int first, int count, nint scratch)
        where TS : struct, ISimd<TV> where TV : unmanaged
    {
        int blocks = ChannelGroups.BlocksIn(group, Problem.Channels);
        float* filters = Filters + (nint)group * ChannelGroups.Channels * Problem.SourceChannels, m = (float*)scratch;
        for (int position = 0; position < WinogradTiles.Positions; position++)
        {
            WinogradProducts.Run<TS, TV>(segments, count, blocks, v, filters, filters + FiltersStep, m);
            v += Source.Position;
            filters += FiltersStep;
            m += Lane.Position;
        }

        int* rows = (int*)(scratch + Lane.Rows);
        WinogradProducts.Rows(TS.Width, count, rows);
        for (int block = 0; block < blocks; block++)
        {
            WinogradOutput.Store<TS, TV>(Problem, Epilogue, (float*)scratch + block * BlockedLayout.Lanes, Lane.Position, rows,
                group * ChannelGroups.Blocks + block, first, count, Destination, (float*)(scratch + Lane.Lines));
        }
    }
}
