using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Normalisation;

/// <summary>The constants of local response normalisation across channels.</summary>
/// <param name="Channels">Channels.</param>
/// <param name="Plane">Elements of a plane.</param>
/// <param name="Size">Channels in the window: (size - 1) / 2 before, the rest after.</param>
/// <param name="Kappa">Summand under the power.</param>
/// <param name="Alpha">Factor of the sum of squares, not divided by the size.</param>
/// <param name="Beta">The power.</param>
internal readonly record struct LocalResponseGeometry(int Channels, int Plane, int Size, float Kappa, float Alpha, float Beta)
{
    public int Before => (Size - 1) / 2;

    public int After => Size - 1 - Before;
}

/// <summary>Local response normalisation: y_t = x_t L_t^-beta, L_t = kappa + alpha * sum of x_q² over the window of t.</summary>
/// <remarks>
/// NCHW; vectors run along the plane. Squares are added by fused multiply-adds from +0, channels ascending; L is one more. Backward:
/// dx_j = dz_j L_j^-beta - 2 alpha beta x_j * sum over the t whose window holds j of dz_t x_t L_t^(-beta-1), t ascending; L is computed again.
/// </remarks>
internal static unsafe class LocalResponse
{
    /// <summary>Elements of the planes done together: 16 KB of scratch per 32 channels.</summary>
    const int Chunk = 64;

    public static long ScratchBytes(Execution execution, in LocalResponseGeometry g) => execution.Lanes * LaneBytes(g);

    public static void Forward(Execution execution, in LocalResponseGeometry geometry, int samples, float* x, float* y)
    {
        var job = new Job { Isa = execution.Isa, Geometry = geometry, X = x, Y = y };
        WorkerTeam.Shared.Run(ref job, checked(samples * Chunks(geometry)), execution.Lanes);
    }

    public static void Backward(Execution execution, in LocalResponseGeometry geometry, int rows, int seeds, float* x, float* signal, float* result,
        nint scratch)
    {
        var job = new Job
        {
            Isa = execution.Isa, Geometry = geometry, X = x, Y = result, Signal = signal, Seeds = seeds, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * Chunks(geometry)), execution.Lanes);
    }

    static int Chunks(in LocalResponseGeometry g) => (g.Plane + Chunk - 1) / Chunk;

    static long LaneBytes(in LocalResponseGeometry g) => 2L * g.Channels * Chunk * sizeof(float);

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public LocalResponseGeometry Geometry;
        public float* X, Y, Signal;
        public int Seeds;
        public nint Scratch;
        int _start, _count;
        float* _power, _term;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            int chunks = Chunks(Geometry), row = ticket / chunks;
            nint sample = (nint)Geometry.Channels * Geometry.Plane;
            own._start = ticket % chunks * Chunk;
            own._count = Math.Min(Chunk, Geometry.Plane - own._start);
            own.Y += row * sample;
            own.X += (Signal == null ? row : row / Seeds) * sample;
            own.Signal = Signal == null ? null : Signal + row * sample;
            own._power = (float*)(Scratch + (nint)(lane * LaneBytes(Geometry)));
            own._term = own._power + Geometry.Channels * Chunk;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            for (int t = 0; t < Geometry.Channels; t++)
            {
                nint at = (nint)t * Geometry.Plane + _start;
                int i = 0;
                for (; i + TS.Width <= _count; i += TS.Width)
                    Response<TS, TV>(t, i, at + i);
                for (; i < _count; i++)
                    Response<SimdScalar, float>(t, i, at + i);
            }

            for (int j = 0; Signal != null && j < Geometry.Channels; j++)
            {
                nint at = (nint)j * Geometry.Plane + _start;
                int i = 0;
                for (; i + TS.Width <= _count; i += TS.Width)
                    Derivative<TS, TV>(j, i, at + i);
                for (; i < _count; i++)
                    Derivative<SimdScalar, float>(j, i, at + i);
            }
        }

        /// <summary>Forward: the result. Backward: L^-beta and the term of the sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Response<TS, TV>(int t, int i, nint at) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV squares = TS.Broadcast(0);
            int last = Math.Min(Geometry.Channels - 1, t + Geometry.After);
            for (int q = Math.Max(0, t - Geometry.Before); q <= last; q++)
            {
                TV value = TS.Load(X + (nint)q * Geometry.Plane + _start + i);
                squares = TS.Fma(value, value, squares);
            }

            TV x = TS.Load(X + at);
            TV under = TS.Fma(TS.Broadcast(Geometry.Alpha), squares, TS.Broadcast(Geometry.Kappa));
            TV power = InversePower.Of<TS, TV>(under, Geometry.Beta);
            if (Signal == null)
            {
                TS.Store(Y + at, TS.Mul(x, power));
                return;
            }

            TS.Store(_power + t * Chunk + i, power);
            TS.Store(_term + t * Chunk + i, TS.Mul(TS.Mul(TS.Load(Signal + at), x), TS.Div(power, under)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Derivative<TS, TV>(int j, int i, nint at) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV sum = TS.Broadcast(0);
            int last = Math.Min(Geometry.Channels - 1, j + Geometry.Before);
            for (int t = Math.Max(0, j - Geometry.After); t <= last; t++)
                sum = TS.Add(sum, TS.Load(_term + t * Chunk + i));
            TV factor = TS.Mul(TS.Broadcast(-2 * Geometry.Alpha * Geometry.Beta), TS.Load(X + at));
            TS.Store(Y + at, TS.Fma(factor, sum, TS.Mul(TS.Load(Signal + at), TS.Load(_power + j * Chunk + i))));
        }
    }
}
