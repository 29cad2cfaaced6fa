using Preimage.Cpu.Copies;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>The mean over some axes.</summary>
internal sealed class CudaReduceMean(MeanAxes axes) : CudaOperator
{
    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        Axes4 e = axes.Rows(call.Inputs[0].Shape.N);
        MeansKernels.AxesMeanForward(q.Kernels, q.Stream, CudaCalls.Lines(call.Output.Shape.Count), call.Inputs[0].Address, call.Output.Address,
            axes.Reduced, (int)e[0], (int)e[1], (int)e[2], (int)e[3]);
    }

    public override void Backward(in BackwardCall call)
    {
        Activation result = call.InputSignals[0];
        if (!result.IsPresent)
            return;
        if (axes.MixesSamples)
            GeometryChecks.RequireOneSeed(call, "a mean over the batch");
        CudaQueue q = call.Queue.Cuda;
        Axes4 e = axes.Rows(call.Signal.Shape.N);
        MeansKernels.AxesMeanBackward(q.Kernels, q.Stream, LaunchShape.Over(result.Shape.Count), call.Signal.Address, result.Address, axes.Reduced,
            (int)e[0], (int)e[1], (int)e[2], (int)e[3]);
    }
}
