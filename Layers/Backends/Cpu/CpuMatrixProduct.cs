using Preimage.Cpu;
using Preimage.Cpu.Gemm;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>The product of two activations over their last two axes, up to two leading axes broadcast.</summary>
/// <remarks>A signal that is summed over leading axes goes on in memory from matrix to matrix in row-major order: one chain per element.</remarks>
internal sealed unsafe class CpuMatrixProduct(Execution execution, MatrixPairs pairs) : CpuOperator(execution)
{
    public override string Algorithm => "Gemm";

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override long ScratchBytes(int rows, PassDirection direction) => MatrixMultiplication.ScratchBytes(Execution);

    public override void Forward(in ForwardCall call)
    {
        int batches = pairs.Batches(call.Output.Shape.N), m = pairs.M(call.Output.Shape.N);
        for (int batch = 0; batch < batches; batch++)
        {
            for (int head = 0; head < pairs.Heads; head++)
            {
                float* to = call.Output.Floats + ((nint)batch * pairs.Heads + head) * m * pairs.N;
                MatrixMultiplication.Run(Execution, m, pairs.N, pairs.K, MatrixView.Rows(call.Inputs[0].Floats + pairs.A.At(batch, head), pairs.K),
                    MatrixView.Rows(call.Inputs[1].Floats + pairs.B.At(batch, head), pairs.N), to, pairs.N, 1, null, resume: false, call.Scratch);
            }
        }
    }

    public override void Backward(in BackwardCall call)
    {
        Activation toA = call.InputSignals[0], toB = call.InputSignals[1];
        if ((toA.IsPresent && pairs.A.RepeatsBatch) || (toB.IsPresent && (pairs.B.RepeatsBatch || pairs.Rank == 2)))
            GeometryChecks.RequireOneSeed(call, "a matrix product whose operand is shared by the batch");
        int rows = pairs.Batches(call.Signal.Shape.N), m = pairs.M(call.Signal.Shape.N);
        for (int row = 0; row < rows; row++)
        {
            int sample = row / call.Seeds;
            for (int head = 0; head < pairs.Heads; head++)
            {
                var signal = MatrixView.Rows(call.Signal.Floats + ((nint)row * pairs.Heads + head) * m * pairs.N, pairs.N);
                if (toA.IsPresent)
                {
                    var b = MatrixView.Rows(call.Inputs[1].Floats + pairs.B.At(sample, head), pairs.N);
                    MatrixMultiplication.Run(Execution, m, pairs.K, pairs.N, signal, b.Transposed, toA.Floats + pairs.A.At(row, head), pairs.K, 1, null,
                        pairs.A.IsVisited(row, head), call.Scratch);
                }

                if (toB.IsPresent)
                {
                    var a = MatrixView.Rows(call.Inputs[0].Floats + pairs.A.At(sample, head), pairs.K);
                    MatrixMultiplication.Run(Execution, pairs.K, pairs.N, m, a.Transposed, signal, toB.Floats + pairs.B.At(row, head), pairs.N, 1, null,
                        pairs.B.IsVisited(row, head), call.Scratch);
                }
            }
        }
    }
}
