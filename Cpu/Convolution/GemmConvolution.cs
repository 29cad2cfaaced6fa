using Preimage.Cpu.Gemm;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Convolution;

/// <summary>Convolution and its adjoint as matrix products over panels gathered on the way.</summary>
/// <remarks>
/// Source [n][channels][plane], destination likewise, both NCHW. The order of accumulation is <see cref="TapOrder"/>; depth is cut
/// in blocks whose sums resume from scratch memory. A ticket is a block of output channels and grid points of one sweep, group and sample.
/// </remarks>
internal static unsafe class GemmConvolution
{
    /// <summary>Bytes of scratch for these sweeps, whatever the batch.</summary>
    public static long ScratchBytes(Execution execution, int channels, int rows, TapGrid[] sweeps)
    {
        var blocking = GemmBlocking.For(execution.Isa);
        long most = LaneBytes(blocking);
        foreach (TapGrid grid in sweeps)
        {
            if (LineConvolution.Suits(grid, channels, rows, blocking))
                most = Math.Max(most, LineConvolution.LaneBytes(grid, channels, blocking));
        }

        return execution.Lanes * most;
    }

    /// <summary>Runs all sweeps.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="samples">Samples of source and destination.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="channels">Source channels per group.</param>
    /// <param name="rows">Destination channels per group.</param>
    /// <param name="sweeps">The sweeps; together they write each destination once.</param>
    /// <param name="filters">Packed for these sweeps.</param>
    /// <param name="source">Source planes.</param>
    /// <param name="destination">Destination planes of <paramref name="destinationPlane"/> floats.</param>
    /// <param name="bias">One value per destination channel, or null.</param>
    public static void Run(Execution execution, int samples, int groups, int channels, int rows, TapGrid[] sweeps, PackedFilters filters,
        float* source, float* destination, int destinationPlane, float* bias, nint scratch)
    {
        var blocking = GemmBlocking.For(execution.Isa);
        for (int sweep = 0; sweep < sweeps.Length; sweep++)
        {
            TapGrid grid = sweeps[sweep];
            if (LineConvolution.Suits(grid, channels, rows, blocking))
            {
                LineConvolution.Run(execution, samples, groups, channels, rows, grid, sweep, filters, source, destination, destinationPlane, bias, scratch);
                continue;
            }

            long others = (long)samples * groups;
            int panels = blocking.BlockPanels(grid.Points, others * Blocks(rows, GemmBlocking.MaxRows), execution.Lanes);
            int columnBlocks = Blocks(grid.Points, panels * blocking.Columns);
            int blockRows = blocking.BlockRows(rows, others * columnBlocks, execution.Lanes);
            var job = new Job
            {
                Isa = execution.Isa, Blocking = blocking, Grid = grid, Filters = filters, Sweep = sweep, Groups = groups, Channels = channels, Rows = rows,
                BlockRows = blockRows, RowBlocks = Blocks(rows, blockRows), BlockColumns = panels * blocking.Columns, ColumnBlocks = columnBlocks,
                Source = source, Destination = destination, DestinationPlane = destinationPlane, Bias = bias, Scratch = scratch,
            };
            WorkerTeam.Shared.Run(ref job, checked((int)(others * columnBlocks * job.RowBlocks)), execution.Lanes);
        }
    }

    static int Blocks(int extent, int block) => (extent + block - 1) / block;

    static long LaneBytes(GemmBlocking blocking) => AlignedBuffer.RoundUp(blocking.ScratchFloats * (long)sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public GemmBlocking Blocking;
        public TapGrid Grid;
        public PackedFilters Filters;
        public int Sweep, Groups, Channels, Rows, BlockRows, RowBlocks, BlockColumns, ColumnBlocks, DestinationPlane;
        public float* Source;
        public float* Destination;
        public float* Bias;
        public nint Scratch;
        int _ticket, _lane;

        public void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            own._lane = lane;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            // Blocks of points outermost: neighbouring tickets share filters.
            int rest = _ticket;
            int point0 = rest % ColumnBlocks * BlockColumns;
            rest /= ColumnBlocks;
            int row0 = rest % RowBlocks * BlockRows;
            rest /= RowBlocks;
            int group = rest % Groups, sample = rest / Groups;
            int points = Math.Min(BlockColumns, Grid.Points - point0), rows = Math.Min(BlockRows, Rows - row0);
            int depth = Channels * Grid.Taps;

            float* source = Source + ((nint)sample * Groups + group) * Channels * Grid.SourceH * Grid.SourceW;
            float* filters = Filters.Panels(group, Sweep) + (nint)row0 * depth;
            float* panels = (float*)(Scratch + (nint)(_lane * LaneBytes(Blocking)));
            float* sums = panels + GemmBlocking.Depth * Blocking.Columns * GemmBlocking.MaxPanels;
            for (int k0 = 0; k0 < depth || k0 == 0; k0 += GemmBlocking.Depth)
            {
                int k1 = Math.Min(k0 + GemmBlocking.Depth, depth);
                for (int j = 0; j < points; j += Blocking.Columns)
                {
                    int width = Math.Min(Blocking.Columns, points - j);
                    int padded = (width + TS.Width - 1) / TS.Width * TS.Width;
                    TapGather.Panel(Grid, source, Channels, point0 + j, width, padded, k0, k1, panels, Blocking.Columns);
                    TileDispatch.Panel<TS, TV>(rows, width, k1 - k0, filters, (nint)depth * Blocking.Rows, k0, panels, Blocking.Columns,
                        sums + j, BlockColumns, k0 > 0);
                }
            }

            for (int row = 0; row < rows; row++)
            {
                int channel = group * Rows + row0 + row;
                GridScatter.Run<TS, TV>(Grid, sums + (nint)row * BlockColumns, point0, points, Bias == null ? null : Bias + channel,
                    Destination + ((nint)sample * Groups * Rows + channel) * DestinationPlane);
            }
        }
    }
}
