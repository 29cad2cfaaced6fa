using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>How a function that is linear in pieces passes a signal back.</summary>
/// <param name="Clamp">Negative signals become +0 first (deconvnet, guided).</param>
/// <param name="UseMask">Signals are multiplied by the slope that the mask tells (gradient, guided).</param>
/// <param name="LowerSlope">The slope where the bit is not set; with 0 the result there is +0 whatever the signal.</param>
internal readonly record struct PiecewiseRule(bool Clamp, bool UseMask, float LowerSlope);

/// <summary>Carries a signal back through a function that is linear in pieces, by the masks of <see cref="PiecewiseForward"/>.</summary>
/// <remarks>Row r of the signal reads the mask of row r / seeds. The result may be the signal itself.</remarks>
internal static unsafe class PiecewiseBackward
{
    public static void Run(Execution execution, PiecewiseRule rule, int rows, int seeds, long units, float* signal, float* result, byte* mask,
        float* slopes, long slopeStride = 0)
    {
        int chunks = ElementwiseTickets.PerRow(units);
        var job = new Job
        {
            Isa = execution.Isa, Rule = rule, Chunks = chunks, Seeds = seeds, Units = units, Signal = signal, Result = result, Mask = mask,
            Slopes = slopes, SlopeStride = slopeStride,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public PiecewiseRule Rule;
        public int Chunks, Seeds;
        public long Units, SlopeStride;
        public float* Signal, Result, Slopes;
        public byte* Mask;

        public readonly void Run(int ticket, int lane)
        {
            int row = ticket / Chunks;
            (nint start, nint count) = ElementwiseTickets.Range(ticket % Chunks, Units);
            Job own = this;
            own.Signal += (nint)(row * Units) + start;
            own.Result += (nint)(row * Units) + start;
            own.Mask = Rule.UseMask ? Mask + (nint)(row / Seeds * PiecewiseForward.MaskStride(Units)) + start / 8 : null;
            own.Slopes = Slopes == null ? null : Slopes + (nint)(row / Seeds * SlopeStride) + start;
            own.Units = count;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            nint i = 0, count = (nint)Units;
            for (; i + 16 <= count; i += 16)
            {
                uint bits = Mask == null ? 0u : *(ushort*)(Mask + i / 8);
                for (int lane = 0; lane < 16; lane += TS.Width)
                    TS.Store(Result + i + lane, Passed<TS, TV>(TS.Load(Signal + i + lane), bits >> lane, i + lane));
            }

            for (; i < count; i++)
            {
                uint bit = Mask == null ? 0u : (uint)Mask[i / 8] >> (int)(i % 8);
                Result[i] = Passed<SimdScalar, float>(Signal[i], bit, i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Passed<TS, TV>(TV signal, uint bits, nint at) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV zero = TS.Broadcast(0);
            if (Rule.Clamp)
                signal = TS.Select(TS.LessOrEqual(signal, zero), zero, signal);
            if (!Rule.UseMask)
                return signal;
            TV lower = Slopes != null ? TS.Mul(TS.Load(Slopes + at), signal)
                : Rule.LowerSlope == 0 ? zero : TS.Mul(TS.Broadcast(Rule.LowerSlope), signal);
            return TS.Select(TS.FromBits(bits), signal, lower);
        }
    }
}
