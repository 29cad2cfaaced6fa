using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Batch norm by stored statistics: a factor and a summand per channel, and the gradients of the layer's own scale and shift.</summary>
internal sealed class CudaChannelAffine : CudaOperator, IHasParameters, IFollowsParameters
{
    readonly int _channels, _plane;
    readonly nint _scale, _shift, _mean;
    readonly DeviceMemory _roots, _inverse, _factors, _summands;

    public CudaChannelAffine(Owned owned, DeviceConstants constants, Shape shape, BatchNormSpecification specification) : base(owned)
    {
        (_channels, _plane) = (shape.C, shape.H * shape.W);
        GeometryChecks.PerChannel(_channels, specification.Scale, specification.Shift);
        double[] roots = specification.Roots();
        _scale = constants.Of(specification.Scale);
        _shift = constants.Of(specification.Shift);
        _mean = constants.Of(specification.Mean);
        _roots = owned.Own(constants.Upload<double>(roots));
        _inverse = owned.Own(constants.Upload<float>(Array.ConvertAll(roots, r => (float)(1 / r))));
        float[] scale = specification.Scale.ToArray(), shift = specification.Shift.ToArray(), mean = specification.Mean.ToArray();
        double[] factors = [.. scale.Zip(roots, (s, root) => s / root)];
        _factors = owned.Own(constants.Upload<float>(Array.ConvertAll(factors, f => (float)f)));
        _summands = owned.Own(constants.Upload<float>([.. factors.Select((f, c) => (float)(shift[c] - mean[c] * f))]));
    }

    public override bool CanRunInPlace => true;

    public override void Forward(in ForwardCall call) => Run(call.Queue.Cuda, call.Inputs[0], _summands.Handle, call.Output);

    public override void Backward(in BackwardCall call)
    {
        if (call.InputSignals[0].IsPresent)
            Run(call.Queue.Cuda, call.Signal, 0, call.InputSignals[0]);
    }

    public int ParameterCount => 2;

    public long ParameterScratchBytes(int samples) => 0;

    public void BackwardParameters(in ParameterCall call) => ChannelSums.Run(call.Queue.Cuda, call.Signal, _channels, _plane, call.Input.Address,
        _mean, _inverse.Handle, call.Gradients[1].Address, call.Gradients[0].Address);

    public void Follow(WorkQueue queue)
    {
        CudaQueue q = queue.Cuda;
        TrainingKernels.NormFactors(q.Kernels, q.Stream, LaunchShape.Over(_channels), _scale, _shift, _mean, _roots.Handle, _factors.Handle, _summands.Handle, _channels);
    }

    void Run(CudaQueue q, Activation from, nint summands, Activation to) => ElementwiseKernels.ChannelAffine(q.Kernels, q.Stream,
        LaunchShape.OverFours(to.Shape.Count), from.Address, _factors.Handle, summands, to.Address, to.Shape.Count, _channels, _plane);
}
