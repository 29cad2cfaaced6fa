using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A factor and a summand per channel, and their gradients in a layer's own terms: y = factor (x - mean) inverse + summand.</summary>
internal sealed class CudaChannelAffine : CudaOperator, IHasParameters
{
    readonly int _channels, _plane;
    readonly DeviceMemory _scale, _shift, _mean, _inverse;

    public CudaChannelAffine(
        Owned owned, DeviceConstants constants, Shape shape, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, ReadOnlySpan<float> mean, ReadOnlySpan<float> inverse) : base(owned)
    {
        (_channels, _plane) = (shape.C, shape.H * shape.W);
        GeometryChecks.PerChannel(_channels, scale, shift);
        _scale = owned.Own(constants.Upload(scale));
        _shift = owned.Own(constants.Upload(shift));
        var ones = new float[_channels];
        Array.Fill(ones, 1);
        _mean = owned.Own(constants.Upload(mean.IsEmpty ? new float[_channels] : mean));
        _inverse = owned.Own(constants.Upload(inverse.IsEmpty ? ones : inverse));
    }

    public override bool CanRunInPlace => true;

    public override void Forward(in ForwardCall call) => Run(call.Queue.Cuda, call.Inputs[0], _shift.Handle, call.Output);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            Run(call.Queue.Cuda, call.Signal, 0, call.InputSignals[0]);
    }

    public int ParameterCount => 2;

    public long ParameterScratchBytes(int samples) => 0;

    public void BackwardParameters(in ParameterCall call) => ChannelSums.Run(call.Queue.Cuda, call.Signal, _channels, _plane, call.Input.Address,
        _mean.Handle, _inverse.Handle, call.Gradients[1].Address, call.Gradients[0].Address);

    void Run(CudaQueue q, Activation from, nint shift, Activation to) => ElementwiseKernels.ChannelAffine(q.Kernels, q.Stream,
        LaunchShape.Over(to.Shape.Count), from.Address, _scale.Handle, shift, to.Address, to.Shape.Count, _channels, _plane);
}
