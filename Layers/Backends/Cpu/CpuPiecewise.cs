using Preimage.Cpu;
using Preimage.Cpu.Elementwise;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>ReLU, leaky and parametric ReLU, clip: functions linear in pieces, with one bit per unit for the way back.</summary>
internal sealed unsafe class CpuPiecewise : CpuOperator, IRecordsState
{
    readonly UnaryFunction _function;
    readonly int _units;
    readonly AlignedBuffer? _slopes;
    readonly long _slopeStride;

    public CpuPiecewise(Execution execution, in UnaryFunction function, Shape shape) : base(execution)
    {
        _function = function;
        _units = shape.SampleCount;
    }

    /// <summary>A parametric ReLU; its slopes are spread out to one per unit of a sample, or of all samples where they differ.</summary>
    public CpuPiecewise(Execution execution, Shape shape, WeightSource slope, Shape slopeShape) : base(execution)
    {
        _function = new UnaryFunction(UnaryKind.LeakyRelu);
        _units = shape.SampleCount;
        if (slope.Count != slopeShape.Count)
            throw new ShapeException($"{slope.Count} slopes are not of shape {slopeShape}");
        Shape spread = slopeShape.Rank == shape.Rank && slopeShape.N > 1 ? shape : shape.WithSamples(1);
        _slopeStride = spread.N > 1 ? _units : 0;
        _slopes = Own(new AlignedBuffer(spread.Bytes));
        using var given = new AlignedBuffer((long)slope.Count * sizeof(float));
        slope.Read(0, new Span<float>(given.Floats, slope.Count));
        try
        {
            // The slopes meet an array of whatever, and are taken.
            var plan = new BroadcastPlan(slopeShape.ToArray(), spread.ToArray(), spread.ToArray());
            BroadcastMap.Run<FirstOfTwo>(execution, plan, spread.N, given.Floats, _slopes.Floats, _slopes.Floats);
        }
        catch (ArgumentException e)
        {
            Dispose();
            throw new ShapeException(e.Message);
        }
    }

    public override bool CanRunInPlace => true;

    public override Needs NeedsFor(BackwardRule rule) => rule.Relu == ReluRule.Deconvnet ? Needs.None : Needs.Mask;

    public override long StateBytes(int samples) => samples * PiecewiseForward.MaskStride(_units);

    public override void Forward(in ForwardCall call)
    {
        float* x = call.Inputs[0].Floats, y = call.Output.Floats;
        byte* mask = (byte*)call.State;
        int rows = call.Output.Shape.N;
        float* slopes = _slopes is null ? null : _slopes.Floats;
        switch (_function.Kind)
        {
            case UnaryKind.Relu:
                PiecewiseForward.Run<Relu>(Execution, rows, _units, x, y, mask, 0, 0, null);
                break;
            case UnaryKind.LeakyRelu:
                PiecewiseForward.Run<LeakyRelu>(Execution, rows, _units, x, y, mask, _function.A, 0, slopes, _slopeStride);
                break;
            default:
                PiecewiseForward.Run<Clip>(Execution, rows, _units, x, y, mask, _function.A, _function.B, null);
                break;
        }
    }

    public override void Backward(in BackwardCall call)
    {
        if (!call.InputSignals[0].IsPresent)
            return;
        ReluRule relu = call.Rule.Relu;
        float lower = _function.Kind == UnaryKind.LeakyRelu ? _function.A : 0;
        var rule = new PiecewiseRule(relu != ReluRule.Gradient, relu != ReluRule.Deconvnet, lower);
        float* slopes = _slopes is null ? null : _slopes.Floats;
        PiecewiseBackward.Run(Execution, rule, call.Signal.Shape.N, call.Seeds, _units, call.Signal.Floats, call.InputSignals[0].Floats,
            (byte*)call.State, slopes, _slopeStride);
    }

    public int RecordBytes(int samples) => checked((int)(((long)samples * _units + 7) / 8));

    public void Export(int samples, nint state, Span<byte> record)
    {
        record[..RecordBytes(samples)].Clear();
        for (int sample = 0; sample < samples; sample++)
        {
            var mask = new ReadOnlySpan<byte>((void*)(state + sample * (nint)PiecewiseForward.MaskStride(_units)), (_units + 7) / 8);
            MaskBits.Copy(mask, 0, record, (long)sample * _units, _units);
        }
    }

    public void Import(int samples, ReadOnlySpan<byte> record, nint state)
    {
        new Span<byte>((void*)state, checked((int)StateBytes(samples))).Clear();
        for (int sample = 0; sample < samples; sample++)
        {
            var mask = new Span<byte>((void*)(state + sample * (nint)PiecewiseForward.MaskStride(_units)), (_units + 7) / 8);
            MaskBits.Copy(record, (long)sample * _units, mask, 0, _units);
        }
    }
}
