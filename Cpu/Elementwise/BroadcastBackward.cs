using System.Runtime.CompilerServices;
using Preimage.Cpu.Reductions;

namespace Preimage.Cpu.Elementwise;

/// <summary>What one output passes to one input, given the signal and both inputs.</summary>
internal interface IPassed
{
    /// <summary>Whether the inputs are read; where not, they may be absent.</summary>
    static abstract bool ReadsInputs { get; }

    static abstract float Of(float signal, float a, float b);
}

/// <summary>The signal: addition, and the left of a subtraction.</summary>
internal readonly struct PassedWhole : IPassed
{
    public static bool ReadsInputs => false;

    public static float Of(float signal, float a, float b) => signal;
}

/// <summary>Minus the signal: the right of a subtraction.</summary>
internal readonly struct PassedNegated : IPassed
{
    public static bool ReadsInputs => false;

    public static float Of(float signal, float a, float b) => -signal;
}

/// <summary>signal * b: the left of a product.</summary>
internal readonly struct PassedTimesB : IPassed
{
    public static bool ReadsInputs => true;

    public static float Of(float signal, float a, float b) => signal * b;
}

/// <summary>signal * a: the right of a product.</summary>
internal readonly struct PassedTimesA : IPassed
{
    public static bool ReadsInputs => true;

    public static float Of(float signal, float a, float b) => signal * a;
}

/// <summary>signal / b: the numerator.</summary>
internal readonly struct PassedOverB : IPassed
{
    public static bool ReadsInputs => true;

    public static float Of(float signal, float a, float b) => signal / b;
}

/// <summary>-signal * (a / b) / b: the denominator.</summary>
internal readonly struct PassedToDenominator : IPassed
{
    public static bool ReadsInputs => true;

    public static float Of(float signal, float a, float b) => -signal * (a / b) / b;
}

/// <summary>signal * a where a is not above 0: the slope b of a function that is a or a * b.</summary>
internal readonly struct PassedToSlope : IPassed
{
    public static bool ReadsInputs => true;

    public static float Of(float signal, float a, float b) => a > 0 ? 0 : signal * a;
}

/// <summary>The signal of one input of an operation under broadcasting: summed over the axes along which the input was repeated.</summary>
/// <remarks>Sums run over the repeated axes in row-major order, rows outermost, in the order of <see cref="InterleavedSum"/>. Where nothing
/// was repeated there is no sum. Row r of the signal reads row r / seeds of the inputs.</remarks>
internal static unsafe class BroadcastBackward
{
    /// <summary>Computes the signal of a or of b.</summary>
    /// <param name="forA">Whether it is that of a.</param>
    /// <param name="rows">Rows of the signal.</param>
    /// <param name="seeds">Rows of signal per row of the inputs; 1 where the input is repeated over rows.</param>
    public static void Run<TPassed>(Execution execution, BroadcastPlan plan, bool forA, int rows, int seeds, float* signal, float* a, float* b, float* result)
        where TPassed : struct, IPassed
    {
        bool sumsRows = forA ? plan.RepeatsA : plan.RepeatsB;
        int[] strides = forA ? plan.StridesA : plan.StridesB;
        var job = new Job<TPassed> { Plan = plan, ForA = forA, Rows = rows, Seeds = seeds, Signal = signal, A = a, B = b, Result = result };
        int kept = Kept(plan, strides, 0) * Kept(plan, strides, 1);
        WorkerTeam.Shared.Run(ref job, checked((sumsRows ? 1 : rows) * kept), execution.Lanes);
    }

    static int Kept(BroadcastPlan plan, int[] strides, int axis) => strides[axis] == 0 ? 1 : plan.Extents[axis];

    struct Job<TPassed> : ITicketJob where TPassed : struct, IPassed
    {
        public BroadcastPlan Plan;
        public bool ForA;
        public int Rows, Seeds;
        public float* Signal, A, B, Result;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int ticket, int lane)
        {
            bool sumsRows = ForA ? Plan.RepeatsA : Plan.RepeatsB;
            int[] strides = ForA ? Plan.StridesA : Plan.StridesB;
            int kept1 = Kept(Plan, strides, 1), kept0 = Kept(Plan, strides, 0), kept2 = Kept(Plan, strides, 2);
            int i1 = ticket % kept1, i0 = ticket / kept1 % kept0, row = ticket / kept1 / kept0;
            float* to = Result + (nint)row * (ForA ? Plan.RowA : Plan.RowB) + (nint)i0 * strides[0] + (nint)i1 * strides[1];
            bool sums = (sumsRows && Rows > 1) || Sums(strides, 0) || Sums(strides, 1) || Sums(strides, 2);
            float* partial = stackalloc float[InterleavedSum.Partials];
            for (int i2 = 0; i2 < kept2; i2++)
            {
                if (!sums)
                {
                    to[i2] = Term(row, i0, i1, i2);
                    continue;
                }

                InterleavedSum.Clear(partial);
                int count = 0;
                for (int r = sumsRows ? 0 : row; r <= (sumsRows ? Rows - 1 : row); r++)
                for (int j0 = i0; j0 <= Last(strides, 0, i0); j0++)
                for (int j1 = i1; j1 <= Last(strides, 1, i1); j1++)
                for (int j2 = i2; j2 <= Last(strides, 2, i2); j2++)
                {
                    partial[count] += Term(r, j0, j1, j2);
                    count = (count + 1) % InterleavedSum.Partials;
                }

                to[i2] = InterleavedSum.Join(partial);
            }
        }

        readonly bool Sums(int[] strides, int axis) => strides[axis] == 0 && Plan.Extents[axis] > 1;

        /// <summary>The last index of an axis that belongs to the element of index i.</summary>
        readonly int Last(int[] strides, int axis, int i) => strides[axis] == 0 ? Plan.Extents[axis] - 1 : i;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly float Term(int row, nint i0, nint i1, nint i2)
        {
            float signal = Signal[(nint)row * Plan.Row + (i0 * Plan.Extents[1] + i1) * Plan.Extents[2] + i2];
            if (!TPassed.ReadsInputs)
                return TPassed.Of(signal, 0, 0);
            int[] sa = Plan.StridesA, sb = Plan.StridesB;
            nint sample = row / Seeds;
            float a = A[(Plan.RepeatsA ? 0 : sample * Plan.RowA) + i0 * sa[0] + i1 * sa[1] + i2 * sa[2]];
            float b = B[(Plan.RepeatsB ? 0 : sample * Plan.RowB) + i0 * sb[0] + i1 * sb[1] + i2 * sb[2]];
            return TPassed.Of(signal, a, b);
        }
    }
}
