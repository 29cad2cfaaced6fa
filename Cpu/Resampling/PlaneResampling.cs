using System.Runtime.CompilerServices;
using Preimage.Cpu.Simd;

namespace Preimage.Cpu.Resampling;

/// <summary>Resizes planes by a table of taps per axis: rows first, then columns; its adjoint by the transposed tables, columns first.</summary>
/// <remarks>Each pass is a chain of fused multiply-adds from +0 over the taps in the table's order. Between the passes lies a
/// plane of [rows of the larger end][columns of the forward input] in scratch.</remarks>
internal static unsafe class PlaneResampling
{
    /// <summary>Bytes of scratch; the same both ways.</summary>
    public static long ScratchBytes(Execution execution, int inputW, int outputH) => execution.Lanes * LaneBytes(inputW, outputH);

    /// <summary>y from x.</summary>
    public static void Forward(Execution execution, int planes, TapTable rows, TapTable columns, float* x, float* y, nint scratch)
    {
        var job = new Job { Isa = execution.Isa, Rows = rows, Columns = columns, From = x, To = y, Scratch = scratch };
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    /// <summary>The signal at x from that at y, with both tables transposed.</summary>
    public static void Adjoint(Execution execution, int planes, TapTable rows, TapTable columns, float* signal, float* result, nint scratch)
    {
        var job = new Job { Isa = execution.Isa, Rows = rows, Columns = columns, From = signal, To = result, Scratch = scratch, ColumnsFirst = true };
        WorkerTeam.Shared.Run(ref job, planes, execution.Lanes);
    }

    static long LaneBytes(int inputW, int outputH) => AlignedBuffer.RoundUp((long)inputW * outputH * sizeof(float));

    struct Job : ITicketJob, ISimdKernel
    {
        public Isa Isa;
        public TapTable Rows, Columns;
        public float* From, To;
        public nint Scratch;
        public bool ColumnsFirst;

        public readonly void Run(int ticket, int lane)
        {
            Job own = this;
            own.From += (nint)ticket * Rows.InputLength * Columns.InputLength;
            own.To += (nint)ticket * Rows.OutputLength * Columns.OutputLength;
            own.Scratch += (nint)(lane * (ColumnsFirst ? LaneBytes(Columns.OutputLength, Rows.InputLength) : LaneBytes(Columns.InputLength, Rows.OutputLength)));
            Isa.Run(ref own);
        }

        public readonly void Run<TS, TV>() where TS : struct, ISimd<TV> where TV : unmanaged
        {
            float* between = (float*)Scratch;
            if (ColumnsFirst)
            {
                Across(From, Rows.InputLength, between);
                Down<TS, TV>(between, Columns.OutputLength, To);
            }
            else
            {
                Down<TS, TV>(From, Columns.InputLength, between);
                Across(between, Rows.OutputLength, To);
            }
        }

        /// <summary>Mixes rows of the given width.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Down<TS, TV>(float* from, int width, float* to) where TS : struct, ISimd<TV> where TV : unmanaged
        {
            int* indices = Rows.Indices;
            float* weights = Rows.Weights;
            for (int o = 0; o < Rows.OutputLength; o++, to += width)
            {
                int first = Rows.Starts[o], last = Rows.Starts[o + 1], i = 0;
                for (; i + TS.Width <= width; i += TS.Width)
                {
                    TV sum = TS.Broadcast(0);
                    for (int t = first; t < last; t++)
                        sum = TS.Fma(TS.Broadcast(weights[t]), TS.Load(from + (nint)indices[t] * width + i), sum);
                    TS.Store(to + i, sum);
                }

                for (; i < width; i++)
                {
                    float sum = 0;
                    for (int t = first; t < last; t++)
                        sum = MathF.FusedMultiplyAdd(weights[t], from[(nint)indices[t] * width + i], sum);
                    to[i] = sum;
                }
            }
        }

        /// <summary>Mixes columns of that many rows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        readonly void Across(float* from, int rows, float* to)
        {
            int* starts = Columns.Starts, indices = Columns.Indices;
            float* weights = Columns.Weights;
            for (int row = 0; row < rows; row++, from += Columns.InputLength)
            {
                for (int o = 0; o < Columns.OutputLength; o++)
                {
                    float sum = 0;
                    for (int t = starts[o]; t < starts[o + 1]; t++)
                        sum = MathF.FusedMultiplyAdd(weights[t], from[indices[t]], sum);
                    *to++ = sum;
                }
            }
        }
    }
}
