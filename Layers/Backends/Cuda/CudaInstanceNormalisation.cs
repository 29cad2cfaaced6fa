using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Zero mean and unit variance per plane, then a factor and a summand per channel.</summary>
internal sealed class CudaInstanceNormalisation : CudaOperator
{
    readonly int _channels, _plane;
    readonly float _epsilon;
    readonly DeviceMemory _scale, _shift;

    public CudaInstanceNormalisation(Owned owned, DeviceConstants constants, Shape shape, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, float epsilon) : base(owned)
    {
        (_channels, _plane, _epsilon) = (shape.C, shape.H * shape.W, epsilon);
        GeometryChecks.PerChannel(_channels, scale, shift);
        _scale = owned.Own(constants.Upload(scale));
        _shift = owned.Own(constants.Upload(shift));
    }

    public override Needs NeedsFor(BackwardRule rule) => Needs.Input;

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        long planes = (long)call.Output.Shape.N * _channels;
        InstanceNormKernels.InstanceNormForward(q.Kernels, q.Stream, CudaCalls.Lines(planes), call.Inputs[0].Address, _scale.Handle, _shift.Handle,
            call.Output.Address, planes, _channels, _plane, _epsilon);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        CudaQueue q = call.Queue.Cuda;
        long planes = (long)call.Signal.Shape.N * _channels;
        InstanceNormKernels.InstanceNormBackward(q.Kernels, q.Stream, CudaCalls.Lines(planes), call.Inputs[0].Address, _scale.Handle, call.Signal.Address,
            call.InputSignals[0].Address, planes, call.Seeds, _channels, _plane, _epsilon);
    }
}
