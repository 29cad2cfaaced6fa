using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Winograd where a ticket does everything for a block of tiles, which stay in its lane's second-level cache: large planes of few channels.</summary>
/// <remarks>The filters of all positions are read once per ticket. Those of the other way are turned once, before the first.</remarks>
internal static unsafe class WinogradFused
{
    /// <summary>Bytes of V and M together: what leaves room in a second-level cache of 1 MB for filters and the pixels fetched ahead.</summary>
    const int Budget = 384 * 1024;

    public static long ScratchBytes(in WinogradTiles problem, WinogradTurned? turned, Execution execution, int samples)
    {
        int tiles = Tiles(problem, execution, samples);
        return (turned is null ? 0 : AlignedBuffer.RoundUp(problem.FilterBytes)) + execution.Lanes * (long)(new WinogradSource(problem, tiles).Bytes + new WinogradLane(tiles, execution.Isa).Bytes);
    }

    public static void Run(Execution execution, in WinogradGroup work, int samples, float* source, nint scratch)
    {
        int total = samples * work.Problem.PerSample, tiles = Tiles(work.Problem, execution, samples);
        var job = new Job { Isa = execution.Isa, Work = work, Total = total, Lanes = execution.Lanes, Source = source, Scratch = scratch };
        job.Work.Source = new WinogradSource(work.Problem, tiles);
        job.Work.Lane = new WinogradLane(tiles, execution.Isa);
        if (work.Turned is { } turned)
        {
            job.Work.Filters = (float*)scratch;
            turned.All(execution, job.Work.Filters);
            job.Scratch += (nint)AlignedBuffer.RoundUp(work.Problem.FilterBytes);
        }

        WorkerTeam.Shared.Run(ref job, (total + tiles - 1) / tiles, execution.Lanes);
    }

    /// <summary>Tiles of a ticket: whole ones of the product that fit the budget, fewer where lanes would go without work.</summary>
    static int Tiles(in WinogradTiles problem, Execution execution, int samples)
    {
        int rows = ChannelGroups.MostRows(ChannelGroups.Width(execution.Isa)), total = samples * problem.PerSample;
        int tileBytes = WinogradTiles.Positions * (BlockedLayout.Padded(problem.SourceChannels) + ChannelGroups.Channels) * sizeof(float);
        int tiles = Math.Max(Budget / tileBytes / rows, 1) * rows;
        // Three tickets per lane even out machines with fast and slow processors.
        while (tiles > rows && (total + tiles - 1) / tiles < 3 * execution.Lanes)
            tiles -= rows;
        return Math.Min(tiles, total);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public WinogradGroup Work;
        public int Total, Lanes;
        public float* Source;
        public nint Scratch;
        int _ticket;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own.Scratch += lane * (Work.Source.Bytes + Work.Lane.Bytes);
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int tiles = Work.Source.Tiles, first = _ticket * tiles, count = Math.Min(tiles, Total - first);
            float* v = (float*)Scratch;
            nint lane = Scratch + Work.Source.Bytes;
            for (int block = 0; block < Work.Source.Blocks; block++)
            {
                WinogradInput.Run<TS, TV>(Work.Problem, Source, block, first, count, v + block * Work.Source.Block, Work.Source.Position,
                    (float*)(lane + Work.Lane.Window));
            }

            TileSource segments = Work.Source.Segments(Scratch);
            int after = first + Lanes * tiles;
            var next = WinogradAhead.OfSource(Work.Problem, Source, after, Math.Min(tiles, Total - after));
            int groups = ChannelGroups.Count(Work.Problem.Channels);
            for (int group = 0; group < groups; group++)
                Work.Run<TS, TV>(segments, v, group, first, count, lane, next);
        }
    }
}
