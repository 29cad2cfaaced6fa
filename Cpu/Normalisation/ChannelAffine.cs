using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Normalisation;

/// <summary>y = fma(scale[c], x, shift[c]) over planes; without shifts y = scale[c] * x, which is the way back.</summary>
internal static unsafe class ChannelAffine
{
    public static void Run(Execution execution, int samples, int channels, int plane, float* scale, float* shift, float* x, float* y)
    {
        var job = new Job { Isa = execution.Isa, Channels = channels, Plane = plane, Scale = scale, Shift = shift, X = x, Y = y };
        WorkerTeam.Shared.Run(ref job, plane == 1 ? samples : checked(samples * channels), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Channels, Plane;
        public float* Scale, Shift, X, Y;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            int length = Plane == 1 ? Channels : Plane;
            own.X += (nint)ticket * length;
            own.Y += (nint)ticket * length;
            if (Plane > 1)
            {
                own.Scale += ticket % Channels;
                own.Shift = Shift == null ? null : Shift + ticket % Channels;
            }

            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int i = 0, length = Plane == 1 ? Channels : Plane;
            for (; i + TS.Width <= length; i += TS.Width)
                Apply<TS, TV>(i);
            for (; i < length; i++)
                Apply<SimdScalar, float>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Apply<TS, TV>(int i) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV x = TS.Load(X + i), scale = Plane == 1 ? TS.Load(Scale + i) : TS.Broadcast(*Scale);
            if (Shift == null)
                TS.Store(Y + i, TS.Mul(scale, x));
            else
                TS.Store(Y + i, TS.Fma(scale, x, Plane == 1 ? TS.Load(Shift + i) : TS.Broadcast(*Shift)));
        }
    }
}
