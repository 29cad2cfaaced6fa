using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Elementwise;

/// <summary>y = fma(f, x, y) over rows; f is a factor, or that times a double of each row, rounded.</summary>
internal static unsafe class ScaledAddition
{
    /// <summary>Adds.</summary>
    /// <param name="execution">How it runs.</param>
    /// <param name="rows">Rows of y.</param>
    /// <param name="units">Elements of a row.</param>
    /// <param name="x">Rows that far apart: 0 where one serves all.</param>
    /// <param name="strideX">How far.</param>
    /// <param name="factor">For all rows.</param>
    /// <param name="coefficients">One for each row, or null.</param>
    /// <param name="y">What is added to.</param>
    public static void Run(Execution execution, int rows, long units, float* x, long strideX, float factor, double* coefficients, float* y)
    {
        int chunks = ElementwiseTickets.PerRow(units);
        var job = new Job { Isa = execution.Isa, Chunks = chunks, Units = units, StrideX = strideX, X = x, Y = y, Factor = factor, Coefficients = coefficients };
        WorkerTeam.Shared.Run(ref job, checked(rows * chunks), execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Chunks;
        public long Units, StrideX;
        public float* X, Y;
        public float Factor;
        public double* Coefficients;

        public readonly void Run(int ticket, int lane)
        {
            int row = ticket / Chunks;
            (nint start, nint count) = ElementwiseTickets.Range(ticket % Chunks, Units);
            Job own = this;
            own.X += (nint)(row * StrideX) + start;
            own.Y += (nint)(row * Units) + start;
            own.Units = count;
            if (Coefficients != null)
                own.Factor = (float)(Factor * Coefficients[row]);
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            TV factor = TS.Broadcast(Factor);
            nint i = 0, count = (nint)Units;
            float* x = X, y = Y;
            for (; i + TS.Width <= count; i += TS.Width)
                TS.Store(y + i, TS.Fma(factor, TS.Load(x + i), TS.Load(y + i)));
            for (; i < count; i++)
                y[i] = SimdScalar.Fma(Factor, x[i], y[i]);
        }
    }
}
