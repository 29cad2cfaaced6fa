using Preimage.Cpu;
using Preimage.Cpu.Blocked;
using Preimage.Cpu.Elementwise;
using Preimage.Cpu.Reductions;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Backends.Cpu;

/// <summary>Convolutions in blocked layout, each way prepared when a plan first needs it, with bias, sum and ReLU in the store.</summary>
internal sealed unsafe class BlockedConvolutionOperator : CpuOperator, ITakesTail, IRecordsState, IHasParameters
{
    readonly ConvolutionSetup _setup;
    readonly BlockedKind _kind;
    readonly Shape _output;
    readonly float* _bias;
    Tail _tail;
    IBlockedConvolution? _forward, _backward;

    public BlockedConvolutionOperator(ConvolutionSetup setup, BlockedKind kind) : base(setup.Execution)
    {
        _setup = setup;
        _kind = kind;
        ConvolutionGeometry g = setup.Geometry;
        _output = setup.Transposed ? new Shape(1, g.C, g.H, g.W) : new Shape(1, g.K, g.OutH, g.OutW);
        _bias = setup.Bias is null ? null : Vector(setup.Bias);
        _ = Prepared(PassDirection.Forward);
    }

    public override string Algorithm => _kind.Name;

    public override long WeightBytes => (long)(_kind.Growth * sizeof(float) * _setup.Weights.Count);

    public override LayoutRule Layouts => _kind.IsEntering ? LayoutRule.Entering : LayoutRule.Blocked;

    public override bool GatesInputSignal => !_kind.IsEntering;

    public override Needs NeedsFor(BackwardRule rule) => _tail.Rectifies && rule.Relu != ReluRule.Deconvnet ? Needs.Mask : Needs.None;

    public override long StateBytes(int samples) => _tail.Rectifies ? samples * PiecewiseForward.MaskStride(CpuLayouts.MostPerSample(_output)) : 0;

    public override long ScratchBytes(int rows, PassDirection direction) => Prepared(direction).ScratchBytes(Execution, rows);

    public bool TryTake(Tail tail)
    {
        _tail = tail;
        return true;
    }

    public override void Forward(in ForwardCall call)
    {
        var epilogue = new Epilogue
        {
            Bias = _bias, Addend = _tail.Adds ? call.Inputs[1].Floats : null,
            Rectify = _tail.Rectifies, Mask = _tail.Rectifies ? (ushort*)call.State : null,
        };
        Prepared(PassDirection.Forward)
            .Run(Execution, call.Output.Shape.N, call.Inputs[0].Floats, call.Output.Floats, epilogue, call.Scratch);
    }

    public override void Backward(in BackwardCall call)
    {
        Activation signal = call.Signal;
        bool passesOn = _tail.Adds && call.InputSignals[1].IsPresent;
        if (_tail.Rectifies && !call.IsGated)
        {
            // Into the addend's signal where there is one, for it is the same; else where it is.
            float* gated = passesOn ? call.InputSignals[1].Floats : signal.Floats;
            Gate(signal, gated, call.Seeds, call.Rule, call.State);
            signal = signal with { Address = (nint)gated };
        }
        else if (passesOn)
        {
            Copies.Whole(signal, call.InputSignals[1]);
        }

        if (!call.InputSignals[0].IsPresent)
            return;
        bool gates = call.InputMask != 0;
        var epilogue = new Epilogue
        {
            Rectify = gates && call.Rule.Relu != ReluRule.Gradient, Seeds = call.Seeds,
            Gate = gates && call.Rule.Relu != ReluRule.Deconvnet ? (ushort*)call.InputMask : null,
        };
        Prepared(PassDirection.Backward).Run(Execution, signal.Shape.N, signal.Floats, call.InputSignals[0].Floats, epilogue, call.Scratch);
    }

    public int ParameterCount => _bias == null ? 1 : 2;

    public long ParameterScratchBytes(int samples)
    {
        ConvolutionGeometry g = _setup.Geometry;
        return _kind.IsEntering ? FilterGradientPicture.ScratchBytes(Execution, g, samples)
            : WholeConvolution.Supports(g) ? FilterGradientWhole.ScratchBytes(Execution, g, samples)
            : FilterGradientBlocked.Supports(g) ? FilterGradientBlocked.ScratchBytes(Execution, g) : 0;
    }

    public void BackwardParameters(in ParameterCall call)
    {
        Activation signal = call.Signal;
        if (_tail.Rectifies && !call.IsGated)
            Gate(signal, signal.Floats, 1, call.Rule, call.State);
        // A transposed convolution reads what the convolution would have written.
        (Activation from, Activation to) = _setup.Transposed ? (signal, call.Input) : (call.Input, signal);
        float* x = from.Floats, dy = to.Floats;
        ConvolutionGeometry g = _setup.Geometry;
        float* filters = call.Gradients[0].Floats;
        int samples = signal.Shape.N;
        if (_kind.IsEntering)
            FilterGradientPicture.Run(Execution, g, samples, x, dy, filters, call.Scratch);
        else if (WholeConvolution.Supports(g))
            FilterGradientWhole.Run(Execution, g, samples, x, dy, filters, call.Scratch);
        else if (FilterGradientBlocked.Supports(g))
            FilterGradientBlocked.Run(Execution, g, samples, x, dy, filters, call.Scratch);
        else
            FilterGradientDepthwise.Run(Execution, g, samples, x, dy, filters);
        if (_bias != null)
            ChannelSums.Run(Execution, true, samples, _output.C, _output.H * _output.W, signal.Floats, call.Gradients[1].Floats);
    }

    /// <summary>Applies the rule of the operator's own ReLU.</summary>
    void Gate(Activation signal, float* gated, int seeds, BackwardRule rule, nint mask)
    {
        var piecewise = new PiecewiseRule(rule.Relu != ReluRule.Gradient, rule.Relu != ReluRule.Deconvnet, 0);
        PiecewiseBackward.Run(Execution, piecewise, signal.Shape.N, seeds, signal.Length / signal.Shape.N, signal.Floats, gated, (byte*)mask, null);
    }

    public int RecordBytes(int samples) => _tail.Rectifies ? MaskBits.RecordBytes(_output, samples) : 0;

    public void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record) => MaskBits.Export(_output, samples, layout, state, record);

    public void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state) =>
        MaskBits.Import(_output, samples, layout, record, state);

    IBlockedConvolution Prepared(PassDirection direction) => direction == PassDirection.Forward
        ? _forward ??= Own(_kind.Prepare(_setup, _setup.Transposed))
        : _backward ??= Own(_kind.Prepare(_setup, !_setup.Transposed));
}

/// <summary>One way to compute convolutions in blocked layout.</summary>
/// <param name="Name">What it is forced by.</param>
/// <param name="Prepare">Prepares the convolution, or its adjoint, over filters that all operators share.</param>
/// <param name="IsEntering">Whether the convolution's input is planar.</param>
/// <param name="Growth">Packed values per weight.</param>
internal sealed record BlockedKind(string Name, Func<ConvolutionSetup, bool, IBlockedConvolution> Prepare, bool IsEntering = false, double Growth = 1);
