using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The product of two activations over their last two axes, up to two leading axes broadcast.</summary>
/// <remarks>A signal that is summed over leading axes goes on in memory from matrix to matrix in row-major order: one chain per element.</remarks>
internal sealed unsafe class CpuMatrixProduct : CpuOperator
{
    readonly int _rank, _m, _n, _k, _batches, _heads;
    readonly Side _a, _b;

    public CpuMatrixProduct(Execution execution, Shape a, Shape b, Shape output) : base(execution)
    {
        if (a.Rank < 2 || b.Rank < 2 || a[a.Rank - 1] != b[b.Rank - 2] || output.Rank < 2 || output[output.Rank - 2] != a[a.Rank - 2]
            || output[output.Rank - 1] != b[b.Rank - 1])
            throw new ShapeException($"matrices {a} and {b} do not multiply to {output}");
        _rank = output.Rank;
        (_m, _n, _k) = (output[_rank - 2], output[_rank - 1], a[a.Rank - 1]);
        _batches = _rank > 2 ? output[0] : 1;
        _heads = _rank > 3 ? output[1] : 1;
        _a = Side.Of(a, _rank, _batches, _heads);
        _b = Side.Of(b, _rank, _batches, _heads);
    }

    public override string Algorithm => "Gemm";

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override long ScratchBytes(int rows, PassDirection direction) => MatrixMultiplication.ScratchBytes(Execution);

    public override void Forward(in ForwardCall call)
    {
        // Of rank 2, axis 0 is rows of one matrix, and may be any number of them.
        int batches = _rank > 2 ? call.Output.Shape.N : 1, m = _rank > 2 ? _m : call.Output.Shape.N;
        for (int batch = 0; batch < batches; batch++)
        {
            for (int head = 0; head < _heads; head++)
            {
                float* to = call.Output.Floats + ((nint)batch * _heads + head) * m * _n;
                MatrixMultiplication.Run(Execution, m, _n, _k, MatrixView.Rows(_a.At(call.Inputs[0].Floats, batch, head), _k),
                    MatrixView.Rows(_b.At(call.Inputs[1].Floats, batch, head), _n), to, _n, 1, null, resume: false, call.Scratch);
            }
        }
    }

    public override void Backward(in BackwardCall call)
    {
        Activation toA = call.InputSignals[0], toB = call.InputSignals[1];
        if ((toA.IsPresent && _a.RepeatsBatch) || (toB.IsPresent && (_b.RepeatsBatch || _rank == 2)))
            RequireOneSeed(call, "a matrix product whose operand is shared by the batch");
        int rows = _rank > 2 ? call.Signal.Shape.N : 1, m = _rank > 2 ? _m : call.Signal.Shape.N;
        for (int row = 0; row < rows; row++)
        {
            int sample = row / call.Seeds;
            for (int head = 0; head < _heads; head++)
            {
                var signal = MatrixView.Rows(call.Signal.Floats + ((nint)row * _heads + head) * m * _n, _n);
                if (toA.IsPresent)
                {
                    var b = MatrixView.Rows(_b.At(call.Inputs[1].Floats, sample, head), _n);
                    MatrixMultiplication.Run(Execution, m, _k, _n, signal, b.Transposed, _a.At(toA.Floats, row, head), _k, 1, null,
                        _a.IsVisited(row, head), call.Scratch);
                }

                if (toB.IsPresent)
                {
                    var a = MatrixView.Rows(_a.At(call.Inputs[0].Floats, sample, head), _k);
                    MatrixMultiplication.Run(Execution, _k, _n, m, a.Transposed, signal, _b.At(toB.Floats, row, head), _n, 1, null,
                        _b.IsVisited(row, head), call.Scratch);
                }
            }
        }
    }

    /// <summary>Where the matrices of one operand lie.</summary>
    readonly record struct Side(nint BatchStride, nint HeadStride, bool RepeatsBatch, bool RepeatsHead)
    {
        public static Side Of(Shape shape, int rank, int batches, int heads)
        {
            nint matrix = (nint)shape[shape.Rank - 2] * shape[shape.Rank - 1];
            int batch = rank > 2 && shape.Rank == rank ? shape[0] : 1;
            int head = rank > 3 && shape.Rank >= 3 ? shape[shape.Rank - 3] : 1;
            if ((batch != batches && batch != 1) || (head != heads && head != 1))
                throw new ShapeException($"the leading axes of {shape} do not broadcast to {batches}x{heads}");
            return new Side(batch == batches && batches > 0 && shape.Rank == rank && rank > 2 ? matrix * head : 0, head > 1 ? matrix : 0,
                rank > 2 && (shape.Rank < rank || batch < batches), head < heads);
        }

        public float* At(float* start, int batch, int head) => start + batch * BatchStride + head * HeadStride;

        /// <summary>Whether an earlier matrix in row-major order went to the same place.</summary>
        public bool IsVisited(int batch, int head) => (RepeatsBatch && batch > 0) || (RepeatsHead && head > 0);
    }
}
