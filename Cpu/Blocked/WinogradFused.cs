using System.Runtime.CompilerServices;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Winograd where a ticket does everything for a block of tiles, which stay in its lane's second-level cache: large planes of few channels.</summary>
/// <remarks>The filters of all positions are read once per ticket.</remarks>
internal static unsafe class WinogradFused
{
    /// <summary>Bytes of V and M together: half of a second-level cache of 1 MB.</summary>
    const int Budget = 512 * 1024;

    public static long ScratchBytes(in WinogradTiles problem, Execution execution, int samples) =>
        execution.Lanes * LaneBytes(Layout(problem, execution, samples));

    public static void Run(in WinogradTiles problem, Execution execution, WinogradFilters filters, int samples, float* source, float* destination,
        in Epilogue epilogue, nint scratch)
    {
        WinogradScratch layout = Layout(problem, execution, samples);
        int total = samples * problem.PerSample;
        var job = new Job
        {
            Isa = execution.Isa, Problem = problem, Layout = layout, LaneBytes = LaneBytes(layout), Total = total, Filters = filters.Panels,
            FiltersStep = (nint)filters.PositionStep, Source = source, Destination = destination, Epilogue = epilogue, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, (total + layout.Tiles - 1) / layout.Tiles, execution.Lanes);
    }

    /// <summary>Whole tiles of the product that fit the budget, fewer where lanes would go without work.</summary>
    static WinogradScratch Layout(in WinogradTiles problem, Execution execution, int samples)
    {
        int rows = ChannelGroups.MostRows(GemmBlocking.For(execution.Isa).Lanes), total = samples * problem.PerSample;
        int tileBytes = WinogradTiles.Positions * (BlockedLayout.Padded(problem.SourceChannels) + ChannelGroups.Channels) * sizeof(float);
        int tiles = Math.Max(Budget / tileBytes / rows, 1) * rows;
        // Three tickets per lane even out machines with fast and slow processors.
        while (tiles > rows && (total + tiles - 1) / tiles < 3 * execution.Lanes)
            tiles -= rows;
        return new WinogradScratch(problem, Math.Min(tiles, total), 1, execution.Isa);
    }

    static long LaneBytes(in WinogradScratch layout) =>
        layout.Bytes + (WinogradInput.WindowFloats + WinogradOutput.LineFloats) * sizeof(float);

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public WinogradTiles Problem;
        public WinogradScratch Layout;
        public long LaneBytes;
        public int Total;
        public nint FiltersStep;
        public float* Filters, Source, Destination;
        public Epilogue Epilogue;
        public nint Scratch;
        int _ticket;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own.Scratch += lane * (nint)LaneBytes;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int first = _ticket * Layout.Tiles, count = Math.Min(Layout.Tiles, Total - first);
            float* v = (float*)Scratch, m = (float*)(Scratch + (nint)Layout.Sums), window = (float*)(Scratch + (nint)Layout.Bytes);
            float* lines = window + WinogradInput.WindowFloats;
            int* rows = (int*)(Scratch + (nint)Layout.RowTable);
            TileSource source = Layout.Source(Scratch, Problem.SourceChannels);
            WinogradProducts.Rows(TS.Width, count, rows);
            for (int block = 0; block < Layout.SourceBlocks; block++)
            {
                WinogradInput.Run<TS, TV>(Problem, Source, block, first, count, v + (nint)block * Layout.Tiles * BlockedLayout.Lanes,
                    Layout.SourcePosition, window);
            }

            int groups = ChannelGroups.Count(Problem.Channels);
            for (int group = 0; group < groups; group++)
            {
                int blocks = ChannelGroups.BlocksIn(group, Problem.Channels);
                float* filters = Filters + (nint)group * ChannelGroups.Channels * Problem.SourceChannels;
                for (int position = 0; position < WinogradTiles.Positions; position++)
                {
                    WinogradProducts.Run<TS, TV>(source, count, blocks, v + position * Layout.SourcePosition, filters + position * FiltersStep,
                        m + position * Layout.SumsPosition);
                }

                for (int block = 0; block < blocks; block++)
                {
                    WinogradOutput.Store<TS, TV>(Problem, Epilogue, m + block * BlockedLayout.Lanes, Layout.SumsPosition, rows,
                        group * ChannelGroups.Blocks + block, first, count, Destination, lines);
                }
            }
        }
    }
}
