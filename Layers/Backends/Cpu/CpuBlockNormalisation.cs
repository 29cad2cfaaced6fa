using Preimage.Cpu;
using Preimage.Cpu.Orientation;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Division by the norm of the channels and a limit; the way back computes the norm again rather than keeping it.</summary>
internal sealed unsafe class CpuBlockNormalisation : CpuOperator
{
    readonly BlockNormGeometry _geometry;

    public CpuBlockNormalisation(Execution execution, in BlockNormGeometry geometry) : base(execution)
    {
        GeometryChecks.BlockNorm(geometry);
        _geometry = geometry;
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call) =>
        BlockNorm.Forward(Execution, _geometry, call.Output.Shape.N, call.Inputs[0].Floats, call.Output.Floats);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
        {
            BlockNorm.Backward(Execution, _geometry, call.Signal.Shape.N, call.Seeds, call.Inputs[0].Floats, call.Signal.Floats,
                call.InputSignals[0].Floats);
        }
    }
}
