using Preimage.Cpu;
using Preimage.Cpu.Normalisation;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Zero mean and unit variance per plane, then a factor and a summand per channel.</summary>
internal sealed unsafe class CpuInstanceNormalisation : CpuOperator, IHasParameters
{
    readonly int _channels, _plane;
    readonly float _epsilon;
    readonly float* _scale, _shift;

    public CpuInstanceNormalisation(Execution execution, Shape shape, WeightSource scale, WeightSource shift, float epsilon) : base(execution)
    {
        (_channels, _plane, _epsilon) = (shape.C, shape.H * shape.W, epsilon);
        GeometryChecks.PerChannel(_channels, scale, shift);
        _scale = Vector(scale);
        _shift = Vector(shift);
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call) => InstanceNorm.Forward(
        Execution, call.Output.Shape.N, _channels, _plane, _scale, _shift, _epsilon, call.Inputs[0].Floats, call.Output.Floats);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
        {
            InstanceNorm.Backward(Execution, call.Signal.Shape.N, call.Seeds, _channels, _plane, _scale, _epsilon, call.Inputs[0].Floats,
                call.Signal.Floats, call.InputSignals[0].Floats);
        }
    }

    public int ParameterCount => 2;

    public long ParameterScratchBytes(int samples) => 2 * sizeof(float) * (long)samples * _channels;

    /// <summary>Plane by plane, then over the samples.</summary>
    public void BackwardParameters(in ParameterCall call)
    {
        int samples = call.Signal.Shape.N;
        float* sums = (float*)call.Scratch, products = sums + (nint)samples * _channels;
        InstanceNorm.Parameters(Execution, samples, _channels, _plane, _epsilon, call.Input.Floats, call.Signal.Floats, sums, products);
        ChannelSums.Run(Execution, false, samples, _channels, 1, products, call.Gradients[0].Floats);
        ChannelSums.Run(Execution, false, samples, _channels, 1, sums, call.Gradients[1].Floats);
    }
}
