using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Normalisation;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Local response normalisation; its way back computes the sums of squares again rather than keeping them.</summary>
internal sealed unsafe class CpuLocalResponse : CpuOperator
{
    readonly LocalResponseGeometry _geometry;

    public CpuLocalResponse(Execution execution, in LrnSpecification s) : base(execution)
    {
        GeometryChecks.LocalResponse(s);
        _geometry = new LocalResponseGeometry(s.Channels, s.Plane, s.Size, s.Kappa, s.Alpha, s.Beta);
    }

    public override Needs NeedsFor(BackwardRule rule) => rule.Lrn == LrnRule.Derivative ? Needs.Input : Needs.None;

    public override LayoutRule Layouts => LayoutRule.Follows;

    public override long ScratchBytes(int rows, PassDirection direction) =>
        Math.Max(LocalResponse.ScratchBytes(Execution, _geometry), BlockedLocalResponse.ScratchBytes(Execution, _geometry));

    public override void Forward(in ForwardCall call)
    {
        float* x = call.Inputs[0].Floats, y = call.Output.Floats;
        if (call.Output.IsBlocked)
            BlockedLocalResponse.Forward(Execution, _geometry, call.Output.Shape.N, x, y, call.Scratch);
        else
            LocalResponse.Forward(Execution, _geometry, call.Output.Shape.N, x, y);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        float* signal = call.Signal.Floats, result = call.InputSignals[0].Floats;
        if (call.Rule.Lrn == LrnRule.Identity)
            Copies.Whole(call.Signal, call.InputSignals[0]);
        else if (call.Signal.IsBlocked)
            BlockedLocalResponse.Backward(Execution, _geometry, call.Signal.Shape.N, call.Seeds, call.Inputs[0].Floats, signal, result, call.Scratch);
        else
            LocalResponse.Backward(Execution, _geometry, call.Signal.Shape.N, call.Seeds, call.Inputs[0].Floats, signal, result, call.Scratch);
    }
}
