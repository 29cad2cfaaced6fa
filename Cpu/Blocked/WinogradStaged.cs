using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Winograd in three passes over all tiles of a few samples: small planes of many channels, whose filters outweigh everything else.</summary>
/// <remarks>Tickets of the first and last pass are a block of channels; those of the products are a position and some groups of destination channels, so
/// that each transformed filter is read once per pass and the tiles of a position stay in the second-level cache meanwhile.</remarks>
internal static unsafe class WinogradStaged
{
    /// <summary>Tiles of a pass: samples that have more come one by one.</summary>
    const int MostTiles = 256;

    public static long ScratchBytes(in WinogradTiles problem, Execution execution, int samples) =>
        Layout(problem, execution, SamplesPerPass(problem, samples)).Bytes + execution.Lanes * LaneBytes;

    public static void Run(in WinogradTiles problem, Execution execution, WinogradFilters filters, int samples, float* source, float* destination,
        in Epilogue epilogue, nint scratch)
    {
        int perPass = SamplesPerPass(problem, samples), groups = ChannelGroups.Count(problem.Channels);
        WinogradScratch layout = Layout(problem, execution, perPass);
        // Three tickets per lane even out machines with fast and slow processors.
        int groupBlock = groups;
        while (groupBlock > 1 && WinogradTiles.Positions * ((groups + groupBlock - 1) / groupBlock) < 3 * execution.Lanes)
            groupBlock = (groupBlock + 1) / 2;
        var job = new Job
        {
            Isa = execution.Isa, Problem = problem, Layout = layout, Input = layout.Source(scratch, problem.SourceChannels), Groups = groups,
            GroupBlock = groupBlock, Filters = filters.Panels, FiltersStep = (nint)filters.PositionStep, Source = source, Destination = destination,
            Epilogue = epilogue, Scratch = scratch,
        };
        for (int sample = 0; sample < samples; sample += perPass)
        {
            job.First = sample * problem.PerSample;
            job.Count = Math.Min(perPass, samples - sample) * problem.PerSample;
            Rows(execution.Isa, layout, job.Count, scratch);
            job.Pass = Pass.Input;
            WorkerTeam.Shared.Run(ref job, layout.SourceBlocks, execution.Lanes);
            job.Pass = Pass.Products;
            WorkerTeam.Shared.Run(ref job, WinogradTiles.Positions * ((groups + groupBlock - 1) / groupBlock), execution.Lanes);
            job.Pass = Pass.Output;
            WorkerTeam.Shared.Run(ref job, BlockedLayout.Blocks(problem.Channels), execution.Lanes);
        }
    }

    static void Rows(Isa isa, in WinogradScratch layout, int count, nint scratch) =>
        WinogradProducts.Rows(Gemm.GemmBlocking.For(isa).Lanes, count, (int*)(scratch + (nint)layout.RowTable));

    static int SamplesPerPass(in WinogradTiles problem, int samples) => Math.Clamp(MostTiles / problem.PerSample, 1, Math.Max(samples, 1));

    static WinogradScratch Layout(in WinogradTiles problem, Execution execution, int samples) =>
        new(problem, samples * problem.PerSample, ChannelGroups.Count(problem.Channels), execution.Isa);

    static long LaneBytes => (WinogradInput.WindowFloats + WinogradOutput.LineFloats) * sizeof(float);

    enum Pass
    {
        Input,
        Products,
        Output,
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public Pass Pass;
        public WinogradTiles Problem;
        public WinogradScratch Layout;
        public TileSource Input;
        public int First, Count, Groups, GroupBlock;
        public nint FiltersStep;
        public float* Filters, Source, Destination;
        public Epilogue Epilogue;
        public nint Scratch;
        int _ticket, _lane;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            float* v = (float*)Scratch, m = (float*)(Scratch + (nint)Layout.Sums);
            float* window = (float*)(Scratch + (nint)Layout.Bytes + _lane * (nint)LaneBytes), lines = window + WinogradInput.WindowFloats;
            nint group = (nint)Layout.SumRows * BlockedTile.SumsStep;
            switch (Pass)
            {
                case Pass.Input:
                    WinogradInput.Run<TS, TV>(Problem, Source, _ticket, First, Count, v + (nint)_ticket * Layout.Tiles * Lanes, Layout.SourcePosition, window);
                    break;
                case Pass.Products:
                    int position = _ticket % WinogradTiles.Positions, begin = _ticket / WinogradTiles.Positions * GroupBlock;
                    for (int i = begin; i < Math.Min(begin + GroupBlock, Groups); i++)
                    {
                        WinogradProducts.Run<TS, TV>(Input, Count, ChannelGroups.BlocksIn(i, Problem.Channels), v + position * Layout.SourcePosition,
                            Filters + position * FiltersStep + (nint)i * ChannelGroups.Channels * Problem.SourceChannels,
                            m + position * Layout.SumsPosition + i * group);
                    }

                    break;
                default:
                    WinogradOutput.Store<TS, TV>(Problem, Epilogue,
                        m + _ticket / ChannelGroups.Blocks * group + _ticket % ChannelGroups.Blocks * Lanes, Layout.SumsPosition,
                        (int*)(Scratch + (nint)Layout.RowTable), _ticket, First, Count, Destination, lines);
                    break;
            }
        }
    }
}
