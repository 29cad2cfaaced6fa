using Preimage.Cpu;
using Preimage.Cpu.Normalisation;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Softmax or its logarithm; the way back is the true derivative under every rule.</summary>
internal sealed unsafe class CpuSoftmax : CpuOperator
{
    readonly SoftmaxSpecification _specification;

    public CpuSoftmax(Execution execution, in SoftmaxSpecification specification) : base(execution)
    {
        GeometryChecks.Softmax(specification);
        _specification = specification;
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Output;

    public override long ScratchBytes(int rows, PassDirection direction) => SoftmaxLines.ScratchBytes(Execution, _specification.Extent, _specification.Inner);

    public override void Forward(in ForwardCall call)
    {
        SoftmaxSpecification s = _specification;
        SoftmaxLines.Forward(Execution, s.Logarithm, s.Outer, s.Extent, s.Inner, call.Inputs[0].Floats, call.Output.Floats, call.Scratch);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        SoftmaxSpecification s = _specification;
        // With one seed the samples do not matter, and an axis that mixes them is fine.
        int samples = call.Signal.Shape.N / call.Seeds;
        if (call.Seeds > 1 && s.Outer % samples != 0)
            GeometryChecks.RequireOneSeed(call, "a softmax over the batch");
        int rows = call.Seeds == 1 ? s.Outer : call.Signal.Shape.N;
        SoftmaxLines.Backward(Execution, s.Logarithm, rows, call.Seeds, call.Seeds == 1 ? 1 : s.Outer / samples, s.Extent, s.Inner, call.Output.Floats,
            call.Signal.Floats, call.InputSignals[0].Floats, call.Scratch);
    }
}
