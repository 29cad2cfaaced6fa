using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Functions that are not linear in pieces, whose way back reads the output or, of erf, the input.</summary>
internal sealed class CudaSmooth(UnaryFunction function) : CudaOperator
{
    // As Native/Kernels/elementwise.cu numbers them.
    readonly int _kind = function.Kind - UnaryKind.Sigmoid;

    public override bool CanRunInPlace => function.Reads == Needs.Output;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Gradient ? function.Reads : Needs.None;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        long elements = call.Output.Shape.Count;
        ElementwiseKernels.SmoothForward(q.Kernels, q.Stream, LaunchShape.Over(elements), _kind, call.Inputs[0].Address, call.Output.Address, elements);
    }

    /// <exception cref="PreimageException">The rule is not the gradient.</exception>
    public override void Backward(in BackwardCall call)
    {
        GeometryChecks.RequireGradientRule(call.Rule, function.Kind);
        if (!call.InputSignals[0].IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        Shape shape = call.Signal.Shape;
        nint read = function.Reads == Needs.Input ? call.Inputs[0].Address : call.Output.Address;
        ElementwiseKernels.SmoothBackward(q.Kernels, q.Stream, LaunchShape.Over(shape.Count), _kind, call.Signal.Address, read,
            call.InputSignals[0].Address, shape.N, shape.SampleCount, call.Seeds);
    }
}
