using Preimage.Cpu;
using Preimage.Cpu.Normalisation;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Zero mean and unit variance per plane, then a factor and a summand per channel.</summary>
internal sealed unsafe class CpuInstanceNormalisation : CpuOperator
{
    readonly int _channels, _plane;
    readonly float _epsilon;
    readonly AlignedBuffer _scale, _shift;

    public CpuInstanceNormalisation(Execution execution, Shape shape, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, float epsilon) : base(execution)
    {
        (_channels, _plane, _epsilon) = (shape.C, shape.H * shape.W, epsilon);
        GeometryChecks.PerChannel(_channels, scale, shift);
        _scale = Copy(scale);
        _shift = Copy(shift);
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call) => InstanceNorm.Forward(Execution, call.Output.Shape.N, _channels, _plane, _scale.Floats, _shift.Floats,
        _epsilon, call.Inputs[0].Floats, call.Output.Floats);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
        {
            InstanceNorm.Backward(Execution, call.Signal.Shape.N, call.Seeds, _channels, _plane, _scale.Floats, _epsilon, call.Inputs[0].Floats,
                call.Signal.Floats, call.InputSignals[0].Floats);
        }
    }
}
