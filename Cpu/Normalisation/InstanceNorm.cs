using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Normalisation;

/// <summary>y = scale[c] (x - m) / sqrt(v + epsilon) + shift[c], m and v the mean and the variance of the plane, and its true derivative.</summary>
/// <remarks>Sums are those of <see cref="InterleavedSum"/>. Backward, with s = scale / sqrt(v + epsilon) and n elements:
/// dx = s (R - mean(R) - (x - m) * mean(R (x - m)) / (v + epsilon)).</remarks>
internal static unsafe class InstanceNorm
{
    public static void Forward(Execution execution, int samples, int channels, int plane, float* scale, float* shift, float epsilon, float* x, float* y)
    {
        var job = new Job
        {
            Isa = execution.Isa, Channels = channels, Plane = plane, Seeds = 1, Scale = scale, Shift = shift, Epsilon = epsilon, X = x, Y = y,
        };
        WorkerTeam.Shared.Run(ref job, checked(samples * channels), execution.Lanes);
    }

    public static void Backward(Execution execution, int rows, int seeds, int channels, int plane, float* scale, float epsilon, float* x, float* signal,
        float* result)
    {
        var job = new Job
        {
            Isa = execution.Isa, Channels = channels, Plane = plane, Seeds = seeds, Scale = scale, Epsilon = epsilon, X = x, Signal = signal, Y = result,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * channels), execution.Lanes);
    }

    /// <summary>Per plane the sum of the signal, and that of its products with the normalised values: what the plane has of the gradients of shift and scale.</summary>
    public static void Parameters(Execution execution, int samples, int channels, int plane, float epsilon, float* x, float* signal, float* sums, float* products)
    {
        var job = new ParameterJob { Isa = execution.Isa, Plane = plane, Epsilon = epsilon, X = x, Signal = signal, Sums = sums, Products = products };
        WorkerTeam.Shared.Run(ref job, checked(samples * channels), execution.Lanes);
    }

    struct ParameterJob : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Plane;
        public float Epsilon;
        public float* X, Signal, Sums, Products;

        public readonly void Run(int ticket, int lane)
        {
            ParameterJob own = this;
            own.X += (nint)ticket * Plane;
            own.Signal += (nint)ticket * Plane;
            own.Sums += ticket;
            own.Products += ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int n = Plane;
            float mean = InterleavedSum.Of<ValueTerm, TS, TV>(X, X, 0, n) / n;
            float variance = InterleavedSum.Of<SquareTerm, TS, TV>(X, X, mean, n) / n + Epsilon;
            *Sums = InterleavedSum.Of<ValueTerm, TS, TV>(Signal, Signal, 0, n);
            *Products = InterleavedSum.Of<CentredProductTerm, TS, TV>(X, Signal, mean, n) * (1 / MathF.Sqrt(variance));
        }
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Channels, Plane, Seeds;
        public float* Scale, Shift, X, Y, Signal;
        public float Epsilon;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            int row = ticket / Channels, channel = ticket % Channels;
            own.X += ((nint)(row / Seeds) * Channels + channel) * Plane;
            own.Y += (nint)ticket * Plane;
            own.Signal = Signal == null ? null : Signal + (nint)ticket * Plane;
            own.Scale += channel;
            own.Shift = Shift == null ? null : Shift + channel;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int n = Plane;
            float mean = InterleavedSum.Of<ValueTerm, TS, TV>(X, X, 0, n) / n;
            float variance = InterleavedSum.Of<SquareTerm, TS, TV>(X, X, mean, n) / n + Epsilon;
            float factor = *Scale / MathF.Sqrt(variance);
            float signalMean = 0, slope = 0;
            if (Signal != null)
            {
                signalMean = InterleavedSum.Of<ValueTerm, TS, TV>(Signal, Signal, 0, n) / n;
                slope = InterleavedSum.Of<CentredProductTerm, TS, TV>(X, Signal, mean, n) / n / variance;
            }

            int i = 0;
            for (; i + TS.Width <= n; i += TS.Width)
                Apply<TS, TV>(i, mean, factor, signalMean, slope);
            for (; i < n; i++)
                Apply<SimdScalar, float>(i, mean, factor, signalMean, slope);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Apply<TS, TV>(int i, float mean, float factor, float signalMean, float slope) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV centred = TS.Sub(TS.Load(X + i), TS.Broadcast(mean));
            if (Signal == null)
            {
                TS.Store(Y + i, TS.Fma(centred, TS.Broadcast(factor), TS.Broadcast(*Shift)));
                return;
            }

            TV r = TS.Sub(TS.Load(Signal + i), TS.Broadcast(signalMean));
            r = TS.Fma(centred, TS.Broadcast(-slope), r);
            TS.Store(Y + i, TS.Mul(r, TS.Broadcast(factor)));
        }
    }
}
