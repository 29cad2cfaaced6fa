using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>y[i] = f(x[i]); y may be x.</summary>
internal static unsafe class UnaryMap
{
    public static void Run<TFunction>(Execution execution, float* x, float* y, long count, float a = 0, float b = 0) where TFunction : struct, IUnary
    {
        var job = new Job<TFunction> { Isa = execution.Isa, X = x, Y = y, Count = count, A = a, B = b };
        WorkerTeam.Shared.Run(ref job, ElementwiseTickets.PerRow(count), execution.Lanes);
    }

    struct Job<TFunction> : ITicketJob, ISimdKernel where TFunction : struct, IUnary
    {
        public Isa Isa;
        public float* X, Y;
        public long Count;
        public float A, B;

        public readonly void Run(int ticket, int lane)
        {
            (nint start, nint count) = ElementwiseTickets.Range(ticket, Count);
            Job<TFunction> own = this;
            own.X += start;
            own.Y += start;
            own.Count = count;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV a = TS.Broadcast(A), b = TS.Broadcast(B);
            nint i = 0, count = (nint)Count;
            float* x = X, y = Y;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(y + i, TFunction.Apply<TS, TV>(TS.Load(x + i), a, b));
            for (; i < count; i++)
                y[i] = TFunction.Apply<SimdScalar, float>(x[i], A, B);
        }
    }
}
