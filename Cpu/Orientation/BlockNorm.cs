using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Orientation;

/// <summary>The constants of a block's norm, N = max(sqrt(epsilon + sum of v_c^2 over the channels with c % period &gt;= first), least), and of its limit.</summary>
/// <param name="Channels">Channels of a block.</param>
/// <param name="Plane">Blocks.</param>
/// <param name="Period">Channels of a cell.</param>
/// <param name="First">The first channel of a cell that counts in the norm.</param>
/// <param name="Epsilon">Added to the sum of squares.</param>
/// <param name="Least">The least norm.</param>
/// <param name="Limit">What y is clipped at.</param>
internal readonly record struct BlockNormGeometry(int Channels, int Plane, int Period, int First, float Epsilon, float Least, float Limit);

/// <summary>y = min(v / N, limit), planar, line by line as in Native/Kernels/orientation.cu.</summary>
/// <remarks>A vector of places at a time, channels in order, so the bits depend on neither vectors nor lanes.</remarks>
internal static unsafe class BlockNorm
{
    /// <summary>Places of a ticket: 128 channels of them are 64 KB.</summary>
    const int Chunk = 128;

    public static void Forward(Execution execution, in BlockNormGeometry geometry, int samples, float* v, float* y)
    {
        var job = new Job { Isa = execution.Isa, Geometry = geometry, V = v, Y = y, Seeds = 1 };
        WorkerTeam.Shared.Run(ref job, checked(samples * Chunks(geometry)), execution.Lanes);
    }

    /// <summary>m = R where v / N is at most the limit, else 0; dv = m / N, and in the channels of the norm, unless it is at its least,
    /// - v * (sum of m v) / N^3. Row r of the signal R reads v of sample r / seeds; <paramref name="result"/> may be the signal.</summary>
    public static void Backward(Execution execution, in BlockNormGeometry geometry, int rows, int seeds, float* v, float* signal, float* result)
    {
        var job = new Job { Isa = execution.Isa, Geometry = geometry, V = v, Y = result, Signal = signal, Seeds = seeds };
        WorkerTeam.Shared.Run(ref job, checked(rows * Chunks(geometry)), execution.Lanes);
    }

    static int Chunks(in BlockNormGeometry g) => (g.Plane + Chunk - 1) / Chunk;

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public BlockNormGeometry Geometry;
        public float* V, Y, Signal;
        public int Seeds;
        int _count;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            int chunks = Chunks(Geometry), row = ticket / chunks, start = ticket % chunks * Chunk;
            nint sample = (nint)Geometry.Channels * Geometry.Plane;
            own._count = Math.Min(Chunk, Geometry.Plane - start);
            own.V += row / Seeds * sample + start;
            own.Y += row * sample + start;
            own.Signal = Signal == null ? null : Signal + row * sample + start;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0;
            for (; i + TS.Width <= _count; i += TS.Width)
                At<TS, TV>(i);
            for (; i < _count; i++)
                At<SimdScalar, float>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void At<TS, TV>(int i) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV norm = Norm<TS, TV>(i);
            if (Signal == null)
                Divide<TS, TV>(i, norm);
            else
                Carry<TS, TV>(i, norm);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Norm<TS, TV>(int i) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV sum = TS.Broadcast(Geometry.Epsilon);
            for (int c = 0; c < Geometry.Channels; c++)
            {
                if (c % Geometry.Period < Geometry.First)
                    continue;
                TV v = TS.Load(V + (nint)c * Geometry.Plane + i);
                sum = TS.Fma(v, v, sum);
            }

            return TS.Greatest(TS.Sqrt(sum), TS.Broadcast(Geometry.Least));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Divide<TS, TV>(int i, TV norm) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV limit = TS.Broadcast(Geometry.Limit);
            for (int c = 0; c < Geometry.Channels; c++)
            {
                nint at = (nint)c * Geometry.Plane + i;
                TV value = TS.Div(TS.Load(V + at), norm);
                TS.Store(Y + at, TS.Select(TS.Greater(value, limit), limit, value));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Carry<TS, TV>(int i, TV norm) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV limit = TS.Broadcast(Geometry.Limit), zero = TS.Broadcast(0), minus = TS.Broadcast(-1), total = zero;
            for (int c = 0; c < Geometry.Channels; c++)
            {
                nint at = (nint)c * Geometry.Plane + i;
                TV v = TS.Load(V + at);
                TV passes = TS.LessOrEqual(TS.Div(v, norm), limit);
                total = TS.Select(passes, TS.Fma(TS.Load(Signal + at), v, total), total);
            }

            TV slope = TS.Div(TS.Div(TS.Div(total, norm), norm), norm);
            slope = TS.Mul(TS.Select(TS.Greater(norm, TS.Broadcast(Geometry.Least)), slope, zero), minus);
            for (int c = 0; c < Geometry.Channels; c++)
            {
                nint at = (nint)c * Geometry.Plane + i;
                TV v = TS.Load(V + at);
                TV passed = TS.Select(TS.LessOrEqual(TS.Div(v, norm), limit), TS.Div(TS.Load(Signal + at), norm), zero);
                TS.Store(Y + at, c % Geometry.Period >= Geometry.First ? TS.Fma(slope, v, passed) : passed);
            }
        }
    }
}
