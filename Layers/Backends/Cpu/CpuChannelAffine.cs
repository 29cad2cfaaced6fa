using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>A factor and a summand per channel, and their gradients in a layer's own terms: y = factor (x - mean) inverse + summand.</summary>
internal sealed unsafe class CpuChannelAffine : CpuOperator, IHasParameters
{
    readonly int _channels, _height, _width;
    readonly AlignedBuffer _scale, _shift, _mean, _inverse;

    public CpuChannelAffine(
        Execution execution, Shape shape, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, ReadOnlySpan<float> mean, ReadOnlySpan<float> inverse)
        : base(execution)
    {
        (_channels, _height, _width) = (shape.C, shape.H, shape.W);
        GeometryChecks.PerChannel(_channels, scale, shift);
        _scale = Padded(scale);
        _shift = Padded(shift);
        var ones = new float[_channels];
        Array.Fill(ones, 1);
        _mean = Padded(mean.IsEmpty ? new float[_channels] : mean);
        _inverse = Padded(inverse.IsEmpty ? ones : inverse);
    }

    public override LayoutRule Layouts => LayoutRule.Follows;

    public override bool CanRunInPlace => true;

    public override void Forward(in ForwardCall call) => Run(call.Inputs[0], _shift.Floats, call.Output);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            Run(call.Signal, null, call.InputSignals[0]);
    }

    public int ParameterCount => 2;

    public long ParameterScratchBytes(int samples) => 0;

    public void BackwardParameters(in ParameterCall call) => ChannelSums.Run(Execution, call.Signal.IsBlocked, call.Signal.Shape.N, _channels, _height * _width,
        call.Input.Floats, call.Signal.Floats, _mean.Floats, _inverse.Floats, call.Gradients[1].Floats, call.Gradients[0].Floats);

    /// <summary>With lanes without a channel, which stay +0 by a factor and summand of +0.</summary>
    AlignedBuffer Padded(ReadOnlySpan<float> values)
    {
        var padded = new float[BlockedLayout.Padded(values.Length)];
        values.CopyTo(padded);
        return Copy(padded);
    }

    void Run(Activation from, float* shift, Activation to)
    {
        if (to.IsBlocked)
            BlockedChannelAffine.Run(Execution, to.Shape.N, _channels, _height, _width, _scale.Floats, shift, from.Floats, to.Floats);
        else
            ChannelAffine.Run(Execution, to.Shape.N, _channels, _height * _width, _scale.Floats, shift, from.Floats, to.Floats);
    }
}
