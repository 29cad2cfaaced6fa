using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Winograd in two passes over all tiles of a few samples: small planes of many channels, whose filters outweigh everything else.</summary>
/// <remarks>First a ticket transforms a stretch of tiles of a block of channels. Then a ticket is a group of destination channels and a block of tiles,
/// blocks of tiles innermost: transformed filters come from memory once per pass, tiles from the third-level cache.</remarks>
internal static unsafe class WinogradStaged
{
    /// <summary>Tiles of a pass: samples that have more come one by one.</summary>
    const int MostTiles = 256;

    /// <summary>Tiles of a ticket of the first pass.</summary>
    const int Stretch = 64;

    /// <summary>Most rows of the product in a ticket of the second pass, in tiles of 14: their sums are 258 KB, a quarter of a second-level cache.</summary>
    const int MostBlockRows = 56;

    /// <summary>The same where panels are turned for each ticket: fewer tickets outweigh the cache (56x56 with 256 channels: 6 % above filters that
    /// need no turning, where 56 rows cost 14 to 18 %; Zen 5, AVX-512).</summary>
    const int MostTurnedRows = 112;

    public static long ScratchBytes(in WinogradTiles problem, WinogradTurned? turned, Execution execution, int samples)
    {
        int pass = SamplesPerPass(problem, samples) * problem.PerSample;
        return Source(problem, turned, execution, pass).Bytes + execution.Lanes * (long)Lane(problem, turned, execution, pass).Bytes;
    }

    public static void Run(Execution execution, in WinogradGroup work, int samples, float* source, nint scratch)
    {
        WinogradTiles problem = work.Problem;
        int perPass = SamplesPerPass(problem, samples), tiles = perPass * problem.PerSample;
        var job = new Job { Isa = execution.Isa, Work = work, Source = source, Scratch = scratch };
        job.Work.Source = Source(problem, work.Turned, execution, tiles);
        job.IsAcross = IsAcross(problem, work.Turned, execution, tiles);
        job.Work.Lane = Lane(problem, work.Turned, execution, tiles);
        int blockTiles = job.Work.Lane.Tiles;
        job.Segments = job.Work.Source.Segments(scratch);
        for (int sample = 0; sample < samples; sample += perPass)
        {
            job.First = sample * problem.PerSample;
            job.Count = Math.Min(perPass, samples - sample) * problem.PerSample;
            job.Transforms = true;
            job.Pieces = (job.Count + Stretch - 1) / Stretch;
            WorkerTeam.Shared.Run(ref job, job.Work.Source.Blocks * job.Pieces, execution.Lanes);
            job.Transforms = false;
            job.Pieces = (job.Count + blockTiles - 1) / blockTiles;
            WorkerTeam.Shared.Run(ref job, ChannelGroups.Count(problem.Channels) * job.Pieces, execution.Lanes);
        }
    }

    static int SamplesPerPass(in WinogradTiles problem, int samples) => Math.Clamp(MostTiles / problem.PerSample, 1, Math.Max(samples, 1));

    static bool IsAcross(in WinogradTiles problem, WinogradTurned? turned, Execution execution, int tiles) =>
        turned is not null && WinogradAcross.Suits(problem, execution.Isa, tiles);

    static WinogradSource Source(in WinogradTiles problem, WinogradTurned? turned, Execution execution, int tiles) =>
        new(problem, IsAcross(problem, turned, execution, tiles) ? WinogradAcross.Tiles : tiles);

    static WinogradLane Lane(in WinogradTiles problem, WinogradTurned? turned, Execution execution, int tiles) =>
        IsAcross(problem, turned, execution, tiles)
            ? new(ChannelGroups.Channels, execution.Isa, problem.SourceChannels)
            : new(BlockTiles(problem, turned, execution, tiles), execution.Isa, turned is null ? 0 : problem.SourceChannels);

    /// <summary>Tiles of a ticket of the second pass: whole ones of the product, fewer where lanes would go without work.</summary>
    static int BlockTiles(in WinogradTiles problem, WinogradTurned? turned, Execution execution, int tiles)
    {
        int rows = ChannelGroups.MostRows(ChannelGroups.Width(execution.Isa)), block = (turned is null ? MostBlockRows : MostTurnedRows) / rows * rows;
        // Three tickets per lane even out machines with fast and slow processors.
        while (block > rows && ChannelGroups.Count(problem.Channels) * ((tiles + block - 1) / block) < 3 * execution.Lanes)
            block -= rows;
        return Math.Min(block, tiles);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public WinogradGroup Work;
        public TileSource Segments;
        public bool Transforms, IsAcross;
        public int First, Count, Pieces;
        public float* Source;
        public nint Scratch;
        int _ticket;
        nint _lane;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = Scratch + Work.Source.Bytes + lane * Work.Lane.Bytes;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int step = Transforms ? Stretch : Work.Lane.Tiles, begin = _ticket % Pieces * step, count = Math.Min(step, Count - begin);
            int which = _ticket / Pieces;
            float* v = (float*)Scratch + begin * BlockedLayout.Lanes;
            if (Transforms)
            {
                WinogradInput.Run<TS, TV>(Work.Problem, Source, which, First + begin, count, v + which * Work.Source.Block, Work.Source.Position,
                    (float*)(_lane + Work.Lane.Window));
                if (IsAcross)
                    WinogradAcross.Turn<TS, TV>(v + which * Work.Source.Block, Work.Source.Position);
            }
            else if (IsAcross)
            {
                Work.RunAcross<TS, TV>(v, which, First + begin, count, _lane);
            }
            else
            {
                Work.Run<TS, TV>(Segments, v, which, First + begin, count, _lane, null);
            }
        }
    }
}
