using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Zero mean and unit variance per plane, then a factor and a summand per channel.</summary>
internal sealed class CudaInstanceNormalisation : CudaOperator, IHasParameters
{
    readonly int _channels, _plane;
    readonly float _epsilon;
    readonly nint _scale, _shift;

    public CudaInstanceNormalisation(DeviceConstants constants, Shape shape, WeightSource scale, WeightSource shift, float epsilon)
    {
        (_channels, _plane, _epsilon) = (shape.C, shape.H * shape.W, epsilon);
        GeometryChecks.PerChannel(_channels, scale, shift);
        _scale = constants.Of(scale);
        _shift = constants.Of(shift);
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        long planes = (long)call.Output.Shape.N * _channels;
        InstanceNormKernels.InstanceNormForward(q.Kernels, q.Stream, CudaCalls.Lines(planes), call.Inputs[0].Address, _scale, _shift,
            call.Output.Address, planes, _channels, _plane, _epsilon);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        long planes = (long)call.Signal.Shape.N * _channels;
        InstanceNormKernels.InstanceNormBackward(q.Kernels, q.Stream, CudaCalls.Lines(planes), call.Inputs[0].Address, _scale, call.Signal.Address,
            call.InputSignals[0].Address, planes, call.Seeds, _channels, _plane, _epsilon);
    }

    public int ParameterCount => 2;

    public long ParameterScratchBytes(int samples) => 2 * SumBytes(samples);

    /// <summary>Plane by plane, then over the samples.</summary>
    public void BackwardParameters(in ParameterCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        int samples = call.Signal.Shape.N, planes = samples * _channels;
        nint sums = call.Scratch, products = sums + (nint)SumBytes(samples);
        InstanceNormKernels.InstanceNormParameters(q.Kernels, q.Stream, CudaCalls.Lines(planes), call.Input.Address, call.Signal.Address, sums, products, planes, _plane, _epsilon);
        var shape = new Shape(samples, _channels);
        ChannelSums.Run(q, new Activation(shape, products, Layout.Planar), _channels, 1, 0, 0, 0, call.Gradients[0].Address, 0);
        ChannelSums.Run(q, new Activation(shape, sums, Layout.Planar), _channels, 1, 0, 0, 0, call.Gradients[1].Address, 0);
    }

    long SumBytes(int samples) => CudaBackend.RoundUp((long)samples * _channels * sizeof(float));
}
