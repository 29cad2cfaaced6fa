using Preimage.Cpu;
using Preimage.Cpu.Copies;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>ReLU, leaky and parametric ReLU, clip: functions linear in pieces, with one bit per unit for the way back.</summary>
internal sealed unsafe class CpuPiecewise : CpuOperator, IRecordsState, IHasParameters, IFollowsParameters
{
    readonly UnaryFunction _function;
    readonly Shape _shape;
    readonly SpreadSlopes? _spread;
    readonly float* _given, _slopes;
    readonly long _slopeStride;

    public CpuPiecewise(Execution execution, in UnaryFunction function, Shape shape) : base(execution)
    {
        _function = function;
        _shape = shape;
    }

    /// <summary>A parametric ReLU; its slopes are spread out to one per unit of a sample, or of all samples where they differ.</summary>
    public CpuPiecewise(Execution execution, Shape shape, WeightSource slope, Shape slopeShape) : base(execution)
    {
        _function = new UnaryFunction(UnaryKind.LeakyRelu);
        _shape = shape;
        _spread = new SpreadSlopes(slope, slopeShape, shape);
        _slopeStride = _spread.Count > shape.SampleCount ? shape.SampleCount : 0;
        _given = Vector(slope);
        _slopes = Own(new AlignedBuffer((long)_spread.Count * sizeof(float))).Floats;
        Follow();
    }

    /// <summary>Any layout where +0 becomes +0, as lanes without a channel must; slopes per unit are stored planar.</summary>
    public override LayoutRule Layouts => _function.Kind switch
    {
        UnaryKind.Relu => LayoutRule.Follows,
        UnaryKind.LeakyRelu when _spread is null && _function.A >= 0 => LayoutRule.Follows,
        UnaryKind.Clip when _function.A <= 0 && _function.B >= 0 => LayoutRule.Follows,
        _ => LayoutRule.Planar,
    };

    public override bool CanRunInPlace => true;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Deconvnet ? Needs.None : Needs.Mask;

    public override long StateBytes(int samples) => samples * PiecewiseForward.MaskStride(CpuLayouts.MostPerSample(_shape));

    public override void Forward(in ForwardCall call)
    {
        float* x = call.Inputs[0].Floats, y = call.Output.Floats;
        byte* mask = (byte*)call.State;
        int rows = call.Output.Shape.N;
        long units = call.Output.Length / rows;
        switch (_function.Kind)
        {
            case UnaryKind.Relu:
                PiecewiseForward.Run<Relu>(Execution, rows, units, x, y, mask, 0, 0, null);
                break;
            case UnaryKind.LeakyRelu:
                PiecewiseForward.Run<LeakyRelu>(Execution, rows, units, x, y, mask, _function.A, 0, _slopes, _slopeStride);
                break;
            default:
                PiecewiseForward.Run<Clip>(Execution, rows, units, x, y, mask, _function.A, _function.B, null);
                break;
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        long units = call.Signal.Length / call.Signal.Shape.N;
        // Learnt slopes are applied here only: the gradient of theirs leaves the signal as it is.
        if (call.IsGated && _spread is null)
        {
            // The rule was applied where the signal was written; in place, it has arrived.
            if (call.InputSignals[0].Address != call.Signal.Address)
                Copies.Whole(call.Signal, call.InputSignals[0]);
            return;
        }

        ReluRule relu = call.Rule.Relu;
        float lower = _function.Kind == UnaryKind.LeakyRelu ? _function.A : 0;
        var rule = new PiecewiseRule(relu != ReluRule.Gradient, relu != ReluRule.Deconvnet, lower);
        PiecewiseBackward.Run(Execution, rule, call.Signal.Shape.N, call.Seeds, units, call.Signal.Floats, call.InputSignals[0].Floats,
            (byte*)call.State, _slopes, _slopeStride);
    }

    public int ParameterCount => _spread is null ? 0 : 1;

    public long ParameterScratchBytes(int samples) => 0;

    /// <summary>For each slope the sum of signal times input where that is not above 0.</summary>
    public void BackwardParameters(in ParameterCall call) => BroadcastBackward.Run<PassedToSlope>(
        Execution, _spread!.Gathering, false, call.Signal.Shape.N, 1, call.Signal.Floats, call.Input.Floats, _given, call.Gradients[0].Floats);

    public void Follow(WorkQueue queue) => Follow();

    void Follow()
    {
        if (_spread is not null)
            StridedCopy.Run(Execution, _spread.Extents, _given, _spread.From, _slopes, _spread.To);
    }

    public int RecordBytes(int samples) => MaskBits.RecordBytes(_shape, samples);

    public void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record) => MaskBits.Export(_shape, samples, layout, state, record);

    public void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state) =>
        MaskBits.Import(_shape, samples, layout, record, state);
}
