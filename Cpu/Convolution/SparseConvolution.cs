using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Convolution;

/// <summary>Convolutions, or their adjoints, by filters most of whose weights are zero, planar: derivatives, sums and rearrangements of channels.</summary>
/// <remarks>
/// <para>Each output is one chain of fused multiply-adds from +0 over the weights that are not zero, in the order of <see cref="TapOrder"/>, the bias last: the bits
/// of every exact convolution, but that a zero weight hides a value that is not finite. A tap outside the plane takes part as +0.</para>
/// <para>Vectors run along rows, over the columns all of whose taps are inside; the others, and steps along rows, go one by one. A ticket is a strip of rows of one
/// destination plane.</para>
/// </remarks>
internal static unsafe class SparseConvolution
{
    /// <summary>Points of a ticket.</summary>
    const int Strip = 16384;

    /// <summary>Runs all sweeps.</summary>
    /// <param name="execution">Vectors and lanes.</param>
    /// <param name="samples">Samples of source and destination.</param>
    /// <param name="sweeps">The sweeps; together they write each destination once.</param>
    /// <param name="filters">Packed for these sweeps.</param>
    /// <param name="source">Source planes, <paramref name="channels"/> a sample.</param>
    /// <param name="channels">Source channels of all groups.</param>
    /// <param name="destination">Destination planes of <paramref name="plane"/> floats, <paramref name="rows"/> a sample.</param>
    /// <param name="rows">Destination channels of all groups.</param>
    /// <param name="plane">Floats of a destination plane.</param>
    /// <param name="bias">One value per destination channel, or null.</param>
    public static void Run(Execution execution, int samples, TapGrid[] sweeps, SparseFilters filters, float* source, int channels, float* destination, int rows,
        int plane, float* bias)
    {
        var job = new Job
        {
            Isa = execution.Isa, Sweeps = sweeps, Filters = filters, Channels = channels, Rows = rows, Plane = plane, Strips = Math.Max(plane / Strip, 1), Source = source,
            Destination = destination, Bias = bias,
        };
        WorkerTeam.Shared.Run(ref job, checked(samples * rows * job.Strips), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public TapGrid[] Sweeps;
        public SparseFilters Filters;
        public int Channels, Rows, Plane, Strips;
        public float* Source, Destination, Bias;
        int _ticket;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own._ticket = ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int strip = _ticket % Strips, image = _ticket / Strips, row = image % Rows;
            float* to = Destination + (nint)image * Plane;
            float bias = Bias == null ? -0f : Bias[row];
            for (int s = 0; s < Sweeps.Length; s++)
            {
                TapGrid grid = Sweeps[s];
                ReadOnlySpan<SparseTap> taps = Filters.Taps(s, row);
                float* from = Source + (nint)(image / Rows) * Channels * grid.SourceH * grid.SourceW;
                (int first, int end) = Inside<TS, TV>(grid, taps);
                for (int y = (int)((long)grid.GridH * strip / Strips); y < (int)((long)grid.GridH * (strip + 1) / Strips); y++)
                    Line<TS, TV>(grid, taps, from, y, first, end, bias, to + (nint)(y * grid.ToStepY + grid.ToStartY) * grid.ToW + grid.ToStartX);
            }
        }

        /// <summary>The columns that vectors may go over: all taps inside, and neither side with a step.</summary>
        static (int First, int End) Inside<TS, TV>(TapGrid grid, ReadOnlySpan<SparseTap> taps) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (grid.StepX != 1 || grid.ToStepX != 1)
                return (0, 0);
            int least = 0, most = grid.SourceW - grid.GridW;
            foreach (SparseTap tap in taps)
                (least, most) = (Math.Min(least, grid.OffsetsX[tap.Column]), Math.Max(most, grid.OffsetsX[tap.Column]));
            int first = Math.Clamp(-least, 0, grid.GridW), end = Math.Clamp(grid.SourceW - most, first, grid.GridW);
            return end - first < TS.Width ? (0, 0) : (first, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Line<TS, TV>(TapGrid grid, ReadOnlySpan<SparseTap> taps, float* from, int y, int first, int end, float bias, float* to)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int x = 0; x < first; x++)
                to[x * grid.ToStepX] = Point(grid, taps, from, y, x) + bias;
            int at = first;
            for (; at + 4 * TS.Width <= end; at += 4 * TS.Width)
                Four<TS, TV>(grid, taps, from, y, at, bias, to + at);
            // The last vector begins early enough to be full, and does some sums a second time.
            for (; at < end; at += TS.Width)
            {
                int start = Math.Min(at, end - TS.Width);
                One<TS, TV>(grid, taps, from, y, start, bias, to + start);
            }

            for (int x = end; x < grid.GridW; x++)
                to[(nint)x * grid.ToStepX] = Point(grid, taps, from, y, x) + bias;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Four<TS, TV>(TapGrid grid, ReadOnlySpan<SparseTap> taps, float* from, int y, int x, float bias, float* to)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV zero = TS.Broadcast(0), c0 = zero, c1 = zero, c2 = zero, c3 = zero;
            foreach (ref readonly SparseTap tap in taps)
            {
                TV w = TS.Broadcast(tap.Weight);
                int row = y * grid.StepY + grid.OffsetsY[tap.Row];
                if ((uint)row >= (uint)grid.SourceH)
                {
                    (c0, c1, c2, c3) = (TS.Fma(w, zero, c0), TS.Fma(w, zero, c1), TS.Fma(w, zero, c2), TS.Fma(w, zero, c3));
                    continue;
                }

                float* v = from + ((nint)tap.Channel * grid.SourceH + row) * grid.SourceW + x + grid.OffsetsX[tap.Column];
                c0 = TS.Fma(w, TS.Load(v), c0);
                c1 = TS.Fma(w, TS.Load(v + TS.Width), c1);
                c2 = TS.Fma(w, TS.Load(v + 2 * TS.Width), c2);
                c3 = TS.Fma(w, TS.Load(v + 3 * TS.Width), c3);
            }

            TV b = TS.Broadcast(bias);
            TS.Store(to, TS.Add(c0, b));
            TS.Store(to + TS.Width, TS.Add(c1, b));
            TS.Store(to + 2 * TS.Width, TS.Add(c2, b));
            TS.Store(to + 3 * TS.Width, TS.Add(c3, b));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void One<TS, TV>(TapGrid grid, ReadOnlySpan<SparseTap> taps, float* from, int y, int x, float bias, float* to)
            where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV zero = TS.Broadcast(0), c = zero;
            foreach (ref readonly SparseTap tap in taps)
            {
                int row = y * grid.StepY + grid.OffsetsY[tap.Row];
                float* v = from + ((nint)tap.Channel * grid.SourceH + row) * grid.SourceW + x + grid.OffsetsX[tap.Column];
                c = TS.Fma(TS.Broadcast(tap.Weight), (uint)row < (uint)grid.SourceH ? TS.Load(v) : zero, c);
            }

            TS.Store(to, TS.Add(c, TS.Broadcast(bias)));
        }

        static float Point(TapGrid grid, ReadOnlySpan<SparseTap> taps, float* from, int y, int x)
        {
            float sum = 0;
            foreach (ref readonly SparseTap tap in taps)
            {
                int row = y * grid.StepY + grid.OffsetsY[tap.Row], column = x * grid.StepX + grid.OffsetsX[tap.Column];
                bool inside = (uint)row < (uint)grid.SourceH && (uint)column < (uint)grid.SourceW;
                sum = MathF.FusedMultiplyAdd(tap.Weight, inside ? from[((nint)tap.Channel * grid.SourceH + row) * grid.SourceW + column] : 0, sum);
            }

            return sum;
        }
    }
}
