using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>y = f(a, b) under broadcasting.</summary>
internal static unsafe class BroadcastMap
{
    public static void Run<TFunction>(Execution execution, BroadcastPlan plan, int rows, float* a, float* b, float* y) where TFunction : struct, IBinary
    {
        int lines = plan.Extents[0] * plan.Extents[1];
        long total = (long)rows * lines;
        int linesPerTicket = Math.Max(1, ElementwiseTickets.Chunk / plan.Extents[2]);
        var job = new Job<TFunction> { Isa = execution.Isa, Plan = plan, Lines = total, LinesPerTicket = linesPerTicket, A = a, B = b, Y = y };
        WorkerTeam.Shared.Run(ref job, checked((int)((total + linesPerTicket - 1) / linesPerTicket)), execution.Lanes);
    }

    struct Job<TFunction> : ITicketJob, ISimdKernel where TFunction : struct, IBinary
    {
        public Isa Isa;
        public BroadcastPlan Plan;
        public long Lines;
        public int LinesPerTicket;
        public float* A, B, Y;
        int _ticket;

        public readonly void Run(int ticket, int lane)
        {
            Job<TFunction> own = this;
            own._ticket = ticket;
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            long first = (long)_ticket * LinesPerTicket, last = Math.Min(first + LinesPerTicket, Lines);
            int e0 = Plan.Extents[0], e1 = Plan.Extents[1], e2 = Plan.Extents[2];
            for (long line = first; line < last; line++)
            {
                nint i1 = (nint)(line % e1), i0 = (nint)(line / e1 % e0), row = (nint)(line / e1 / e0);
                float* a = A + (Plan.RepeatsA ? 0 : row * Plan.RowA) + i0 * Plan.StridesA[0] + i1 * Plan.StridesA[1];
                float* b = B + (Plan.RepeatsB ? 0 : row * Plan.RowB) + i0 * Plan.StridesB[0] + i1 * Plan.StridesB[1];
                Line<TS, TV>(a, Plan.StridesA[2] != 0, b, Plan.StridesB[2] != 0, Y + (nint)line * e2, e2);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        static void Line<TS, TV>(float* a, bool stepA, float* b, bool stepB, float* y, int count) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV constantA = TS.Broadcast(*a), constantB = TS.Broadcast(*b);
            int i = 0;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(y + i, TFunction.Apply<TS, TV>(stepA ? TS.Load(a + i) : constantA, stepB ? TS.Load(b + i) : constantB));
            for (; i < count; i++)
                y[i] = TFunction.Apply<SimdScalar, float>(a[stepA ? i : 0], b[stepB ? i : 0]);
        }
    }
}
