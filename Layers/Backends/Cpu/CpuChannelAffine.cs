using Preimage.Cpu;
using Preimage.Cpu.Normalisation;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A factor and a summand per channel.</summary>
internal sealed unsafe class CpuChannelAffine : CpuOperator
{
    readonly int _channels, _plane;
    readonly AlignedBuffer _scale, _shift;

    public CpuChannelAffine(Execution execution, Shape shape, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift) : base(execution)
    {
        (_channels, _plane) = (shape.C, shape.H * shape.W);
        if (scale.Length != _channels || shift.Length != _channels)
            throw new ShapeException($"{scale.Length} factors and {shift.Length} summands for {_channels} channels");
        _scale = Copy(scale);
        _shift = Copy(shift);
    }

    public override bool CanRunInPlace => true;

    public override void Forward(in ForwardCall call) => ChannelAffine.Run(Execution, call.Output.Shape.N, _channels, _plane, _scale.Floats, _shift.Floats,
        call.Inputs[0].Floats, call.Output.Floats);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            ChannelAffine.Run(Execution, call.Signal.Shape.N, _channels, _plane, _scale.Floats, null, call.Signal.Floats, call.InputSignals[0].Floats);
    }
}
