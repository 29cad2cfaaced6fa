using System.Runtime.CompilerServices;
using Preimage.Cpu.Mathematics;
using Preimage.Cpu.Reductions;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Normalisation;

/// <summary>Cross-entropy of the softmax of rows of logits against labels: its value, its gradient, and the likeliest class.</summary>
/// <remarks>
/// p = e^(x - max) / sum; signal = factor (p - onehot); loss = ln sum - (x[label] - max), the difference in double. Sums and the maximum are those of
/// <see cref="InterleavedSum"/>; the prediction is the first place of the maximum, 0 where there is none. A row with label -1 gets +0 and a loss of 0, one
/// with a label that is no class not-a-number. The text of Native/Kernels/training.cu.
/// </remarks>
internal static unsafe class SoftmaxLoss
{
    /// <summary>Computes all rows.</summary>
    public static void Run(Execution execution, int rows, int classes, float* logits, int* labels, float factor, float* signal, double* losses, int* predictions)
    {
        var job = new Job { Isa = execution.Isa, Classes = classes, Factor = factor, X = logits, Signal = signal, Labels = labels, Losses = losses, Predictions = predictions };
        WorkerTeam.Shared.Run(ref job, rows, execution.Lanes);
    }

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public int Classes;
        public float Factor;
        public float* X, Signal;
        public int* Labels, Predictions;
        public double* Losses;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own.X += (nint)ticket * Classes;
            own.Signal += (nint)ticket * Classes;
            own.Labels += ticket;
            own.Predictions += ticket;
            own.Losses += ticket;
            Isa.Run(ref own);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int label = *Labels;
            float max = InterleavedMaximum.Of<TS, TV>(X, Classes);
            *Predictions = Math.Max(0, new ReadOnlySpan<float>(X, Classes).IndexOf(max));
            if (label is -1)
            {
                new Span<float>(Signal, Classes).Clear();
                *Losses = 0;
                return;
            }

            int i = 0;
            for (; i + TS.Width <= Classes; i += TS.Width)
                TS.Store(Signal + i, Exponential.Of<TS, TV>(TS.Sub(TS.Load(X + i), TS.Broadcast(max))));
            for (; i < Classes; i++)
                Signal[i] = Exponential.Of<SimdScalar, float>(X[i] - max);
            float sum = InterleavedSum.Of<ValueTerm, TS, TV>(Signal, Signal, 0, Classes);
            bool isClass = label >= 0 && label < Classes;
            *Losses = isClass ? Logarithm.Of<SimdScalar, float>(sum) - ((double)X[label] - max) : double.NaN;
            // A label that is no class spoils its row, so that it does not go unnoticed.
            float spoilt = isClass ? sum : float.NaN;
            for (i = 0; i < Classes; i++)
                Signal[i] = Factor * (Signal[i] / spoilt - (i == label ? 1 : 0));
        }
    }
}
