using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Sigmoid and tanh, whose way back reads the output.</summary>
internal sealed class CudaSmooth(UnaryKind kind) : CudaOperator
{
    readonly int _kind = kind == UnaryKind.Sigmoid ? 0 : 1;

    public override bool CanRunInPlace => true;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Gradient ? Needs.Output : Needs.None;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        long elements = call.Output.Shape.Count;
        ElementwiseKernels.SmoothForward(q.Kernels, q.Stream, LaunchShape.Over(elements), _kind, call.Inputs[0].Address, call.Output.Address, elements);
    }

    /// <exception cref="PreimageException">The rule is not the gradient.</exception>
    public override void Backward(in BackwardCall call)
    {
        GeometryChecks.RequireGradientRule(call.Rule, kind);
        if (!call.InputSignals[0].IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        Shape shape = call.Signal.Shape;
        ElementwiseKernels.SmoothBackward(q.Kernels, q.Stream, LaunchShape.Over(shape.Count), _kind, call.Signal.Address, call.Output.Address,
            call.InputSignals[0].Address, shape.N, shape.SampleCount, call.Seeds);
    }
}
