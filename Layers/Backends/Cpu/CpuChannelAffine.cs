using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Batch norm by stored statistics: a factor and a summand per channel, and the gradients of the layer's own scale and shift.</summary>
internal sealed unsafe class CpuChannelAffine : CpuOperator, IHasParameters, IFollowsParameters
{
    readonly int _channels, _height, _width;
    readonly double[] _roots;
    readonly float* _scale, _shift, _mean, _inverse, _factors, _summands;

    public CpuChannelAffine(Execution execution, Shape shape, BatchNormSpecification specification) : base(execution)
    {
        (_channels, _height, _width) = (shape.C, shape.H, shape.W);
        GeometryChecks.PerChannel(_channels, specification.Scale, specification.Shift);
        _roots = specification.Roots();
        _scale = Vector(specification.Scale);
        _shift = Vector(specification.Shift);
        _mean = Vector(specification.Mean);
        _inverse = Padded(Array.ConvertAll(_roots, r => (float)(1 / r)));
        // Lanes without a channel stay +0 by a factor and summand of +0.
        _factors = Padded(new float[_channels]);
        _summands = Padded(new float[_channels]);
        Follow();
    }

    public override LayoutRule Layouts => LayoutRule.Follows;

    public override bool CanRunInPlace => true;

    public override void Forward(in ForwardCall call) => Run(call.Inputs[0], _summands, call.Output);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            Run(call.Signal, null, call.InputSignals[0]);
    }

    public int ParameterCount => 2;

    public long ParameterScratchBytes(int samples) => 0;

    public void BackwardParameters(in ParameterCall call) => ChannelSums.Run(Execution, call.Signal.IsBlocked, call.Signal.Shape.N, _channels, _height * _width,
        call.Input.Floats, call.Signal.Floats, _mean, _inverse, call.Gradients[1].Floats, call.Gradients[0].Floats);

    public void Follow(WorkQueue queue) => Follow();

    void Follow()
    {
        for (int c = 0; c < _channels; c++)
        {
            double factor = _scale[c] / _roots[c];
            _factors[c] = (float)factor;
            _summands[c] = (float)(_shift[c] - _mean[c] * factor);
        }
    }

    float* Padded(ReadOnlySpan<float> values)
    {
        var padded = new float[BlockedLayout.Padded(values.Length)];
        values.CopyTo(padded);
        return Copy(padded).Floats;
    }

    void Run(Activation from, float* summands, Activation to)
    {
        if (to.IsBlocked)
            BlockedChannelAffine.Run(Execution, to.Shape.N, _channels, _height, _width, _factors, summands, from.Floats, to.Floats);
        else
            ChannelAffine.Run(Execution, to.Shape.N, _channels, _height * _width, _factors, summands, from.Floats, to.Floats);
    }
}
