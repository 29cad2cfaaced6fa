using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>ReLU, leaky and parametric ReLU, clip; the mask is the shared form of records.</summary>
internal sealed class CudaPiecewise : CudaOperator, IRecordsState, IHasParameters, IFollowsParameters
{
    readonly UnaryFunction _function;
    readonly Shape _shape;
    readonly DeviceMemory? _slopes;
    readonly SpreadSlopes? _spread;
    readonly nint _given;
    readonly long _count = 1;

    public CudaPiecewise(in UnaryFunction function, Shape shape, Owned? owned = null) : base(owned)
    {
        _function = function;
        _shape = shape;
    }

    /// <summary>A parametric ReLU; its slopes are spread out to one per unit of a sample, or of all samples where they differ.</summary>
    public CudaPiecewise(Owned owned, DeviceConstants constants, Shape shape, WeightSource slope, Shape slopeShape)
        : this(new UnaryFunction(UnaryKind.LeakyRelu), shape, owned)
    {
        _spread = new SpreadSlopes(slope, slopeShape, shape);
        _given = constants.Of(slope);
        float[] slopes = _spread.Of(slope.ToArray());
        _slopes = owned.Own(constants.Upload<float>(slopes));
        _count = slopes.Length;
    }

    public override bool CanRunInPlace => true;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Deconvnet ? Needs.None : Needs.Mask;

    public override long StateBytes(int samples) => MaskWords.Bytes(_shape, samples);

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        long units = call.Output.Shape.Count;
        int kind = _function.Kind switch { UnaryKind.Relu => 0, UnaryKind.LeakyRelu => 1, _ => 2 };
        ReluKernels.PiecewiseForward(q.Kernels, q.Stream, LaunchShape.OverFours(units), kind, call.Inputs[0].Address, call.Output.Address, call.State, units,
            _function.A, _function.B, _slopes?.Handle ?? 0, 1, _count);
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        // Learnt slopes are applied here only: the gradient of theirs leaves the signal as it is.
        if (call.IsGated && _spread is null)
        {
            Pass(call.Queue.Cuda, call.Signal, call.InputSignals[0]);
            return;
        }

        float lower = _function.Kind == UnaryKind.LeakyRelu ? _function.A : 0;
        MaskWords.Gate(call.Queue.Cuda, call.Signal, call.InputSignals[0].Address, call.State, call.Seeds, call.Rule, lower, _slopes?.Handle ?? 0, _count);
    }

    public int ParameterCount => _spread is null ? 0 : 1;

    public long ParameterScratchBytes(int samples) => 0;

    /// <summary>For each slope the sum of signal times input where that is not above 0.</summary>
    public void BackwardParameters(in ParameterCall call) =>
        BroadcastSums.Run(call.Queue.Cuda, _spread!.Gathering, BroadcastSums.Sloped, 1, call.Signal, call.Input.Address, _given, 1, call.Gradients[0]);

    public void Follow(WorkQueue queue)
    {
        if (_spread is not null)
            StridedCopies.Run(queue.Cuda, _spread.Extents, _given, _spread.From, _slopes!.Handle, _spread.To);
    }

    public int RecordBytes(int samples) => MaskWords.RecordBytes(_shape, samples);

    public void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record) => queue.Cuda.Download(state, record[..RecordBytes(samples)]);

    public void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state) => MaskWords.Import(queue.Cuda, record, state);
}
