using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Blocked;

/// <summary>Local response normalisation in blocked layout: the results of <see cref="LocalResponse"/>, bit for bit.</summary>
/// <remarks>
/// The channels of a pixel are laid side by side in scratch between channels of +0, so that a window is a run of unaligned loads: a channel that does not
/// exist adds nothing to a sum of squares or of terms that starts from +0. Order as in the planar kernel: squares by fused multiply-adds from +0, channels
/// ascending, L one more; back, terms from +0, channels ascending. A ticket is some pixels of a row of the batch; the
/// lines of all of them are written before any is read, since a load across two fresh stores waits for both.
/// </remarks>
internal static unsafe class BlockedLocalResponse
{
    /// <summary>Pixels done together: 8 KB per 128 channels for the lines of values, as much for terms and for powers on the way back.</summary>
    const int Chunk = 16;

    public static long ScratchBytes(Execution execution, in LocalResponseGeometry g) => execution.Lanes * LaneBytes(g);

    public static void Forward(Execution execution, in LocalResponseGeometry geometry, int samples, float* x, float* y, nint scratch) =>
        Run(execution, samples, new Job { Geometry = geometry, X = x, Y = y, Seeds = 1, Scratch = scratch });

    /// <summary>Row r of the signal belongs to row r / seeds of x.</summary>
    public static void Backward(Execution execution, in LocalResponseGeometry geometry, int rows, int seeds, float* x, float* signal, float* result,
        nint scratch) =>
        Run(execution, rows, new Job { Geometry = geometry, X = x, Y = result, Signal = signal, Seeds = seeds, Scratch = scratch });

    static void Run(Execution execution, int rows, Job job)
    {
        job.Isa = execution.Isa;
        WorkerTeam.Shared.Run(ref job, checked(rows * Chunks(job.Geometry)), execution.Lanes);
    }

    static int Chunks(in LocalResponseGeometry g) => (g.Plane + Chunk - 1) / Chunk;

    /// <summary>Floats before the first channel of a line: a line of cache at least, so that channels stay aligned.</summary>
    static int Margin(in LocalResponseGeometry g) => BlockedLayout.Padded(g.Size - 1);

    static int Line(in LocalResponseGeometry g) => BlockedLayout.Padded(g.Channels) + 2 * Margin(g);

    /// <summary>A line of values and one of terms per pixel, and one of powers.</summary>
    static long LaneBytes(in LocalResponseGeometry g) => 3L * Chunk * Line(g) * sizeof(float);

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public LocalResponseGeometry Geometry;
        public float* X, Y, Signal;
        public int Seeds;
        public nint Scratch;
        int _pixels;
        float* _values;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            int chunks = Chunks(Geometry), row = ticket / chunks, start = ticket % chunks * Chunk;
            nint sample = (nint)BlockedLayout.Floats(1, Geometry.Channels, Geometry.Plane), from = (nint)start * BlockedLayout.Lanes;
            own._pixels = Math.Min(Chunk, Geometry.Plane - start);
            own.Y += row * sample + from;
            own.X += row / Seeds * sample + from;
            own.Signal = Signal == null ? null : Signal + row * sample + from;
            own._values = (float*)(Scratch + (nint)(lane * LaneBytes(Geometry)));
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            const int Lanes = BlockedLayout.Lanes;
            int line = Line(Geometry), margin = Margin(Geometry), channels = BlockedLayout.Padded(Geometry.Channels), size = Geometry.Size;
            nint plane = (nint)Geometry.Plane * Lanes;
            float* values = _values + margin, terms = values + Chunk * line, powers = terms + Chunk * line;
            // Between the channels of two lines; scratch holds whatever its last user left.
            for (int i = 0; i < (Signal == null ? Chunk : 2 * Chunk); i++)
            {
                new Span<float>(_values + i * line, margin).Clear();
                new Span<float>(_values + i * line + margin + channels, margin).Clear();
            }

            for (int c = 0; c < channels; c += Lanes)
            {
                float* x = X + c / Lanes * plane, to = values + c;
                for (int pixel = 0; pixel < _pixels; pixel++, x += Lanes, to += line)
                {
                    for (int lane = 0; lane < Lanes; lane += TS.Width)
                        TS.Store(to + lane, TS.Load(x + lane));
                }
            }

            TV alpha = TS.Broadcast(Geometry.Alpha), kappa = TS.Broadcast(Geometry.Kappa);
            for (int c = 0; c < channels; c += TS.Width)
            {
                float* window = values + c - Geometry.Before, term = terms + c, power = powers + c;
                nint at = c / Lanes * plane + c % Lanes;
                TV exist = Exist<TS, TV>(c);
                for (int pixel = 0; pixel < _pixels; pixel++, window += line, term += line, power += line, at += Lanes)
                {
                    TV squares = TS.Broadcast(0);
                    for (int q = 0; q < size; q++)
                    {
                        TV value = TS.Load(window + q);
                        squares = TS.Fma(value, value, squares);
                    }

                    TV x = TS.Load(window + Geometry.Before), under = TS.Fma(alpha, squares, kappa);
                    TV raised = InversePower.Of<TS, TV>(under, Geometry.Beta);
                    if (Signal == null)
                    {
                        TS.Store(Y + at, TS.And(TS.Mul(x, raised), exist));
                        continue;
                    }

                    TS.Store(power, raised);
                    TS.Store(term, TS.And(TS.Mul(TS.Mul(TS.Load(Signal + at), x), TS.Div(raised, under)), exist));
                }
            }

            if (Signal == null)
                return;
            TV factor = TS.Broadcast(-2 * Geometry.Alpha * Geometry.Beta);
            for (int c = 0; c < channels; c += TS.Width)
            {
                float* value = values + c, window = terms + c - Geometry.After, power = powers + c;
                nint at = c / Lanes * plane + c % Lanes;
                TV exist = Exist<TS, TV>(c);
                for (int pixel = 0; pixel < _pixels; pixel++, value += line, window += line, power += line, at += Lanes)
                {
                    TV sum = TS.Broadcast(0);
                    for (int t = 0; t < size; t++)
                        sum = TS.Add(sum, TS.Load(window + t));
                    TV dx = TS.Fma(TS.Mul(factor, TS.Load(value)), sum, TS.Mul(TS.Load(Signal + at), TS.Load(power)));
                    TS.Store(Y + at, TS.And(dx, exist));
                }
            }
        }

        /// <summary>The lanes that have a channel: the power of a kappa of 0 is infinite where there is none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Exist<TS, TV>(int first) where TS : struct, ISimd<TV> where TV : unmanaged =>
            TS.FromBits((1u << Math.Clamp(Geometry.Channels - first, 0, TS.Width)) - 1);
    }
}
