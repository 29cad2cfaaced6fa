using Preimage.Cpu;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Sigmoid and tanh, whose way back reads the output.</summary>
internal sealed unsafe class CpuSmooth(Execution execution, UnaryKind kind) : CpuOperator(execution)
{
    public override bool CanRunInPlace => true;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Gradient ? Needs.Output : Needs.None;

    public override void Forward(in ForwardCall call)
    {
        float* x = call.Inputs[0].Floats, y = call.Output.Floats;
        if (kind == UnaryKind.Sigmoid)
            UnaryMap.Run<Sigmoid>(Execution, x, y, call.Output.Shape.Count);
        else
            UnaryMap.Run<Tanh>(Execution, x, y, call.Output.Shape.Count);
    }

    /// <exception cref="PreimageException">The rule is not the gradient.</exception>
    public override void Backward(in BackwardCall call)
    {
        GeometryChecks.RequireGradientRule(call.Rule, kind);
        if (!call.InputSignals[0].IsPresent)
            return;
        float* signal = call.Signal.Floats, output = call.Output.Floats, result = call.InputSignals[0].Floats;
        int rows = call.Signal.Shape.N, units = call.Signal.Shape.SampleCount;
        if (kind == UnaryKind.Sigmoid)
            BinaryMap.Run<SigmoidSlope>(Execution, rows, call.Seeds, units, signal, output, result);
        else
            BinaryMap.Run<TanhSlope>(Execution, rows, call.Seeds, units, signal, output, result);
    }
}
