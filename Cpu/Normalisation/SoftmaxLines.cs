using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Normalisation;

/// <summary>Softmax and its logarithm along the lines of an array seen as [outer][extent][inner], and their true derivatives.</summary>
/// <remarks>
/// y = e^(x - max) / sum, or x - max - ln sum. Sums are those of <see cref="InterleavedSum"/>, the maximum likewise. Backward: y (R - sum of R y), or
/// R - e^y * sum of R. Where inner is above 1 a line is gathered into scratch, so that every line is added up in one way.
/// </remarks>
internal static unsafe class SoftmaxLines
{
    public static long ScratchBytes(Execution execution, int extent, int inner) => inner == 1 ? 0 : execution.Lanes * LaneBytes(extent);

    /// <summary>y from x; they must not be the same.</summary>
    public static void Forward(Execution execution, bool logarithm, int outer, int extent, int inner, float* x, float* y, nint scratch)
    {
        var job = new Job
        {
            Isa = execution.Isa, Logarithm = logarithm, Extent = extent, Inner = inner, OuterPerRow = 1, Seeds = 1, X = x, To = y, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, checked(outer * inner), execution.Lanes);
    }

    /// <summary>The signal at x from that at y. Row r of the signal, of <paramref name="outerPerRow"/> outer entries, reads row r / seeds of y.</summary>
    public static void Backward(Execution execution, bool logarithm, int rows, int seeds, int outerPerRow, int extent, int inner, float* y, float* signal,
        float* result, nint scratch)
    {
        var job = new Job
        {
            Isa = execution.Isa, Logarithm = logarithm, Extent = extent, Inner = inner, OuterPerRow = outerPerRow, Seeds = seeds, X = y, Signal = signal,
            To = result, Scratch = scratch,
        };
        WorkerTeam.Shared.Run(ref job, checked(rows * outerPerRow * inner), execution.Lanes);
    }

    static long LaneBytes(int extent) => 3 * AlignedBuffer.RoundUp((long)extent * sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public bool Logarithm;
        public int Extent, Inner, OuterPerRow, Seeds;
        public float* X, Signal, To;
        public nint Scratch;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            int outer = ticket / Inner, inner = ticket % Inner, row = outer / OuterPerRow;
            int stateOuter = row / Seeds * OuterPerRow + outer % OuterPerRow;
            float* x = X + (nint)stateOuter * Extent * Inner + inner;
            float* signal = Signal == null ? null : Signal + (nint)outer * Extent * Inner + inner;
            float* to = To + (nint)outer * Extent * Inner + inner;
            own.X = x;
            own.Signal = signal;
            own.To = to;
            if (Inner == 1)
            {
                Isa.Run(ref own);
                return;
            }

            nint line = (nint)AlignedBuffer.RoundUp((long)Extent * sizeof(float));
            own.X = (float*)(Scratch + lane * 3 * line);
            own.To = (float*)((nint)own.X + line);
            own.Signal = Signal == null ? null : (float*)((nint)own.X + 2 * line);
            for (int i = 0; i < Extent; i++)
            {
                own.X[i] = x[(nint)i * Inner];
                if (signal != null)
                    own.Signal[i] = signal[(nint)i * Inner];
            }

            Isa.Run(ref own);
            for (int i = 0; i < Extent; i++)
                to[(nint)i * Inner] = own.To[i];
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            if (Signal == null)
                LineForward<TS, TV>();
            else
                LineBackward<TS, TV>();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void LineForward<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            float max = InterleavedMaximum.Of<TS, TV>(X, Extent);
            TV top = TS.Broadcast(max);
            int i = 0;
            for (; i + TS.Width <= Extent; i += TS.Width)
                TS.Store(To + i, Exponential.Of<TS, TV>(TS.Sub(TS.Load(X + i), top)));
            for (; i < Extent; i++)
                To[i] = Exponential.Of<SimdScalar, float>(X[i] - max);
            float sum = InterleavedSum.Of<ValueTerm, TS, TV>(To, To, 0, Extent);
            float log = Logarithm ? Mathematics.Logarithm.Of<SimdScalar, float>(sum) : 0;
            TV whole = TS.Broadcast(sum), logs = TS.Broadcast(log);
            for (i = 0; i + TS.Width <= Extent; i += TS.Width)
                TS.Store(To + i, Logarithm ? TS.Sub(TS.Sub(TS.Load(X + i), top), logs) : TS.Div(TS.Load(To + i), whole));
            for (; i < Extent; i++)
                To[i] = Logarithm ? X[i] - max - log : To[i] / sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void LineBackward<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            float sum = Logarithm
                ? InterleavedSum.Of<ValueTerm, TS, TV>(Signal, Signal, 0, Extent)
                : InterleavedSum.Of<ProductTerm, TS, TV>(Signal, X, 0, Extent);
            int i = 0;
            for (; i + TS.Width <= Extent; i += TS.Width)
                TS.Store(To + i, Passed<TS, TV>(TS.Load(Signal + i), TS.Load(X + i), TS.Broadcast(sum)));
            for (; i < Extent; i++)
                To[i] = Passed<SimdScalar, float>(Signal[i], X[i], sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly TV Passed<TS, TV>(TV r, TV y, TV sum) where TS : struct, ISimd<TV> where TV : unmanaged => Logarithm
            ? TS.Fma(TS.Sub(TS.Broadcast(0), Exponential.Of<TS, TV>(y)), sum, r)
            : TS.Mul(y, TS.Sub(r, sum));
    }
}
