using Preimage.Interop.Cuda;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Arrays joined along an axis: runs of each input side by side.</summary>
internal sealed class CudaConcat(JoinedRuns runs) : CudaOperator
{
    public override void Forward(in ForwardCall call)
    {
        nint at = call.Output.Address;
        for (int i = 0; i < runs.Runs.Length; i++)
        {
            Move(call.Queue.Cuda, runs.Runs[i], call.Inputs[i].Address, runs.Runs[i], at, runs.OutputRun, call.Output.Shape.N);
            at += runs.Runs[i] * sizeof(float);
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (runs.Axis == 0)
            GeometryChecks.RequireOneSeed(call, "joining along the batch axis");
        nint at = call.Signal.Address;
        for (int i = 0; i < runs.Runs.Length; i++)
        {
            if (call.InputSignals[i].IsPresent)
                Move(call.Queue.Cuda, runs.Runs[i], at, runs.OutputRun, call.InputSignals[i].Address, runs.Runs[i], call.Signal.Shape.N);
            at += runs.Runs[i] * sizeof(float);
        }
    }

    /// <summary>Copies the runs of one input, each a row of bytes.</summary>
    void Move(CudaQueue queue, int run, nint from, int fromStride, nint to, int toStride, int rows) => queue.Stream.CopyRows(
        to, (long)toStride * sizeof(float), from, (long)fromStride * sizeof(float), (long)run * sizeof(float), runs.Count(rows));
}
