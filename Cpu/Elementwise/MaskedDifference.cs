using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>to = factor * (mask * (x - target)) over rows; without a mask factor * (x - target). Targets and masks lie a stride apart, 0 where one row serves all; to may be x.</summary>
internal static unsafe class MaskedDifference
{
    public static void Run(Execution execution, int rows, long units, float* x, float* target, long strideTarget, float* mask, long strideMask, float factor, float* to)
    {
        int chunks = ElementwiseTickets.PerRow(units);
        var job = new Job
        {
            Isa = execution.Isa, Chunks = chunks, Units = units, X = x, Target = target, StrideTarget = strideTarget, Mask = mask, StrideMask = strideMask, Factor = factor, To = to,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Chunks;
        public long Units, StrideTarget, StrideMask;
        public float* X, Target, Mask, To;
        public float Factor;

        public readonly void Run(int ticket, int lane)
        {
            int row = ticket / Chunks;
            (nint start, nint count) = ElementwiseTickets.Range(ticket % Chunks, Units);
            Job own = this;
            own.X += (nint)(row * Units) + start;
            own.To += (nint)(row * Units) + start;
            own.Target += (nint)(row * StrideTarget) + start;
            own.Mask = Mask == null ? null : Mask + (nint)(row * StrideMask) + start;
            own.Units = count;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            nint i = 0, count = (nint)Units;
            for (; i + TS.Width <= count; i += TS.Width)
                Apply<TS, TV>(i);
            for (; i < count; i++)
                Apply<SimdScalar, float>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void Apply<TS, TV>(nint i) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV difference = TS.Sub(TS.Load(X + i), TS.Load(Target + i));
            if (Mask != null)
                difference = TS.Mul(TS.Load(Mask + i), difference);
            TS.Store(To + i, TS.Mul(TS.Broadcast(Factor), difference));
        }
    }
}
