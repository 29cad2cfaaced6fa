using System.Runtime.CompilerServices;
using Preimage.Cpu.Gemm;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Convolution;

/// <summary>A sweep to a few destination channels, such as the way back to a picture of three: the tile reads bordered lines of the source in place.</summary>
/// <remarks>
/// Gathering a panel for so few rows would cost more than multiplying it. Instead a ticket, which is some grid rows of a sample and group, copies
/// the source rows they see once, zeros around them, and every tap is a shift within these lines. Order and bits are those of
/// <see cref="GemmConvolution"/>: the tile resumes after each run of a block's channels.
/// </remarks>
internal static unsafe class LineConvolution
{
    /// <summary>Destination channels up to which gathering does not pay; the narrowest tile of all instruction sets has as many rows.</summary>
    const int MaxRows = 4;

    /// <summary>Bytes of lines that stay in the second-level cache beside filters and sums.</summary>
    const int LinesBudget = 384 << 10;

    /// <summary>Bytes of lines above which one grid row at a time would not be worth its copy.</summary>
    const long MostLines = 4 << 20;

    /// <summary>Whether this is the way to run a sweep.</summary>
    public static bool Suits(TapGrid grid, int channels, int rows, GemmBlocking blocking) =>
        rows <= MaxRows && grid is { StepX: 1, StepY: 1, Taps: > 1 } && Layout.Of(grid, channels, blocking).Bytes <= MostLines;

    /// <summary>Bytes of scratch a lane needs.</summary>
    public static long LaneBytes(TapGrid grid, int channels, GemmBlocking blocking) =>
        AlignedBuffer.RoundUp(Layout.Of(grid, channels, blocking).Bytes) + AlignedBuffer.RoundUp((long)MaxRows * blocking.Columns * sizeof(float));

    /// <summary>Runs a sweep; arguments as of <see cref="GemmConvolution.Run"/>.</summary>
    public static void Run(Execution execution, int samples, int groups, int channels, int rows, TapGrid grid, int sweep, PackedFilters filters,
        float* source, float* destination, int destinationPlane, float* bias, nint scratch)
    {
        var blocking = GemmBlocking.For(execution.Isa);
        var layout = Layout.Of(grid, channels, blocking);
        int blocks = (grid.GridH + layout.GridRows - 1) / layout.GridRows;
        var job = new Job
        {
            Isa = execution.Isa, Blocking = blocking, Grid = grid, Lines = layout, Filters = filters, Sweep = sweep, Groups = groups, Channels = channels, Rows = rows,
            Blocks = blocks, Source = source, Destination = destination, DestinationPlane = destinationPlane, Bias = bias, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, checked(samples * groups * blocks), execution.Lanes);
    }

    /// <summary>Lines of all channels: [channel][source row][column], the first of each at the smallest offset of the sweep.</summary>
    readonly record struct Layout(int GridRows, int LineRows, int LineWidth, int Top, int Left, long Bytes)
    {
        public nint Plane => (nint)LineRows * LineWidth;

        public static Layout Of(TapGrid grid, int channels, GemmBlocking blocking)
        {
            (int top, int bottom) = Range(grid.OffsetsY);
            (int left, int right) = Range(grid.OffsetsX);
            // Tiles load whole vectors: the last one of a line may reach past its points.
            int width = (grid.GridW + blocking.Columns - 1) / blocking.Columns * blocking.Columns + right - left;
            int more = bottom - top;
            long line = (long)channels * width * sizeof(float);
            int gridRows = (int)Math.Clamp(LinesBudget / line - more, 1, grid.GridH);
            return new Layout(gridRows, gridRows + more, width, top, left, line * (gridRows + more));
        }

        static (int Least, int Most) Range(int[] offsets)
        {
            (int least, int most) = (int.MaxValue, int.MinValue);
            foreach (int offset in offsets)
                (least, most) = (Math.Min(least, offset), Math.Max(most, offset));
            return offsets.Length == 0 ? (0, 0) : (least, most);
        }
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public GemmBlocking Blocking;
        public TapGrid Grid;
        public Layout Lines;
        public PackedFilters Filters;
        public int Sweep, Groups, Channels, Rows, Blocks, DestinationPlane;
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

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int block = _ticket % Blocks, image = _ticket / Blocks, group = image % Groups;
            float* lines = (float*)(Scratch + (nint)(_lane * LaneBytes(Grid, Channels, Blocking)));
            float* sums = lines + AlignedBuffer.RoundUp(Lines.Bytes) / sizeof(float);
            int first = block * Lines.GridRows, end = Math.Min(first + Lines.GridRows, Grid.GridH);
            CopyLines(Source + (nint)image * Channels * Grid.SourceH * Grid.SourceW, first + Lines.Top, end - first + Lines.LineRows - Lines.GridRows, lines);
            float* destination = Destination + (nint)image * Rows * DestinationPlane;
            for (int y = first; y < end; y++)
            {
                for (int x = 0; x < Grid.GridW; x += Blocking.Columns)
                {
                    int count = Math.Min(Blocking.Columns, Grid.GridW - x);
                    Sum<TS, TV>(lines + (y - first) * Lines.LineWidth + x, count, Filters.Panels(group, Sweep), sums);
                    for (int row = 0; row < Rows; row++)
                    {
                        GridScatter.Run<TS, TV>(Grid, sums + row * Blocking.Columns, y * Grid.GridW + x, count, Bias == null ? null : Bias + group * Rows + row,
                            destination + (nint)row * DestinationPlane);
                    }
                }
            }
        }

        /// <summary>All taps and channels for a run of points of one row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Sum<TS, TV>(float* at, int count, float* filters, float* sums) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int done = 0;
            for (int block = 0; block < Channels; block += TapOrder.Block)
            {
                int width = Math.Min(TapOrder.Block, Channels - block);
                foreach (int offsetY in Grid.OffsetsY)
                {
                    foreach (int offsetX in Grid.OffsetsX)
                    {
                        float* tap = at + block * Lines.Plane + (nint)(offsetY - Lines.Top) * Lines.LineWidth + offsetX - Lines.Left;
                        TileDispatch.Panel<TS, TV>(Rows, count, width, filters, 0, done, tap, Lines.Plane, sums, Blocking.Columns, done > 0);
                        done += width;
                    }
                }
            }
        }

        /// <summary>Copies the source rows from <paramref name="from"/> on of every channel, zero where there is no source.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void CopyLines(float* source, int from, int count, float* lines)
        {
            int begin = Math.Clamp(-Lines.Left, 0, Lines.LineWidth), end = Math.Clamp(Grid.SourceW - Lines.Left, begin, Lines.LineWidth);
            for (int channel = 0; channel < Channels; channel++, source += (nint)Grid.SourceH * Grid.SourceW, lines += Lines.Plane)
            {
                for (int row = 0; row < count; row++)
                {
                    var line = new Span<float>(lines + (nint)row * Lines.LineWidth, Lines.LineWidth);
                    if ((uint)(from + row) >= (uint)Grid.SourceH)
                    {
                        line.Clear();
                        continue;
                    }

                    line[..begin].Clear();
                    new ReadOnlySpan<float>(source + (nint)(from + row) * Grid.SourceW + begin + Lines.Left, end - begin).CopyTo(line[begin..]);
                    line[end..].Clear();
                }
            }
        }
    }
}
