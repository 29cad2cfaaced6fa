using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>The product of two activations over their last two axes, by cuBLAS, a matrix at a time.</summary>
internal sealed class CudaMatrixProduct(MatrixPairs pairs) : CudaOperator
{
    public override string Algorithm => "cuBLAS";

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call)
    {
        int batches = pairs.Batches(call.Output.Shape.N), m = pairs.M(call.Output.Shape.N), n = pairs.N, k = pairs.K;
        for (int batch = 0; batch < batches; batch++)
        {
            for (int head = 0; head < pairs.Heads; head++)
            {
                nint a = At(call.Inputs[0], pairs.A, batch, head), b = At(call.Inputs[1], pairs.B, batch, head);
                call.Queue.Cuda.Blas.Multiply(false, false, n, m, k, 1, b, n, a, k, 0, Result(call.Output, batch, head, m), n);
            }
        }
    }

    public override void Backward(in BackwardCall call)
    {
        Activation toA = call.InputSignals[0], toB = call.InputSignals[1];
        if ((toA.IsPresent && pairs.A.RepeatsBatch) || (toB.IsPresent && (pairs.B.RepeatsBatch || pairs.Rank == 2)))
            GeometryChecks.RequireOneSeed(call, "a matrix product whose operand is shared by the batch");
        int rows = pairs.Batches(call.Signal.Shape.N), m = pairs.M(call.Signal.Shape.N), n = pairs.N, k = pairs.K;
        for (int row = 0; row < rows; row++)
        {
            for (int head = 0; head < pairs.Heads; head++)
            {
                nint signal = Result(call.Signal, row, head, m);
                if (toA.IsPresent)
                {
                    nint b = At(call.Inputs[1], pairs.B, row / call.Seeds, head);
                    call.Queue.Cuda.Blas.Multiply(true, false, k, m, n, 1, b, n, signal, n, Beta(pairs.A, row, head), At(toA, pairs.A, row, head), k);
                }

                if (toB.IsPresent)
                {
                    nint a = At(call.Inputs[0], pairs.A, row / call.Seeds, head);
                    call.Queue.Cuda.Blas.Multiply(false, true, n, k, m, 1, signal, n, a, k, Beta(pairs.B, row, head), At(toB, pairs.B, row, head), n);
                }
            }
        }
    }

    /// <summary>A matrix that an earlier product went to already is added to.</summary>
    static float Beta(MatrixPairs.Side side, int row, int head) => side.IsVisited(row, head) ? 1 : 0;

    static nint At(Activation array, MatrixPairs.Side side, int batch, int head) => array.Address + side.At(batch, head) * sizeof(float);

    nint Result(Activation array, int batch, int head, int m) => array.Address + ((nint)batch * pairs.Heads + head) * m * pairs.N * sizeof(float);
}
