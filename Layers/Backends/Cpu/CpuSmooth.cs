using Preimage.Cpu;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Functions that are not linear in pieces, whose way back reads the output or, of erf, the input.</summary>
internal sealed unsafe class CpuSmooth(Execution execution, UnaryFunction function) : CpuOperator(execution)
{
    public override bool CanRunInPlace => function.Reads == Needs.Output;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Gradient ? function.Reads : Needs.None;

    public override void Forward(in ForwardCall call)
    {
        switch (function.Kind)
        {
            case UnaryKind.Sigmoid: Run<Sigmoid>(call); break;
            case UnaryKind.Tanh: Run<Tanh>(call); break;
            case UnaryKind.Exp: Run<Exponentiation>(call); break;
            case UnaryKind.Sqrt: Run<SquareRoot>(call); break;
            case UnaryKind.Elu: Run<Elu>(call); break;
            case UnaryKind.Softplus: Run<Softplus>(call); break;
            default: Run<Erf>(call); break;
        }
    }

    /// <exception cref="PreimageException">The rule is not the gradient.</exception>
    public override void Backward(in BackwardCall call)
    {
        GeometryChecks.RequireGradientRule(call.Rule, function.Kind);
        if (!call.InputSignals[0].IsPresent)
            return;
        switch (function.Kind)
        {
            case UnaryKind.Sigmoid: Back<SigmoidSlope>(call); break;
            case UnaryKind.Tanh: Back<TanhSlope>(call); break;
            case UnaryKind.Exp: Back<Product>(call); break;
            case UnaryKind.Sqrt: Back<SquareRootSlope>(call); break;
            case UnaryKind.Elu: Back<EluSlope>(call); break;
            case UnaryKind.Softplus: Back<SoftplusSlope>(call); break;
            default: Back<ErfSlope>(call); break;
        }
    }

    void Run<TFunction>(in ForwardCall call) where TFunction : struct, IUnary =>
        UnaryMap.Run<TFunction>(Execution, call.Inputs[0].Floats, call.Output.Floats, call.Output.Shape.Count);

    void Back<TFunction>(in BackwardCall call) where TFunction : struct, IBinary
    {
        float* read = function.Reads == Needs.Input ? call.Inputs[0].Floats : call.Output.Floats;
        BinaryMap.Run<TFunction>(Execution, call.Signal.Shape.N, call.Seeds, call.Signal.Shape.SampleCount, call.Signal.Floats, read, call.InputSignals[0].Floats);
    }
}
