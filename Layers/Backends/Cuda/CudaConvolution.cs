using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;
using Preimage.Interop.Cuda.Kernels;
using Preimage.Layers.Backends.Geometry;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>A convolution or a transposed one, each the other's way back, by cuDNN, with bias, sum, ReLU and mask in one kernel behind it.</summary>
/// <remarks>Where no mask is wanted, ReLU and bias are cuDNN's own.</remarks>
internal sealed class CudaConvolution : CudaOperator, ITakesTail, IRecordsState, IHasParameters
{
    readonly Owned _owned;
    readonly ConvolutionAlgorithms _algorithms;
    readonly ConvolutionGeometry _g;
    readonly ConvolutionPlanes _planes;
    readonly List<ConvolutionPass> _passes = [];
    readonly bool _transposed;
    readonly nint _weights;
    readonly Shape _output;
    readonly nint _bias;
    readonly TensorDescriptor? _biasShape;
    readonly ActivationDescriptor _relu;
    Tail _tail;

    public CudaConvolution(Owned owned, ConvolutionAlgorithms algorithms, DeviceConstants constants, in ConvolutionGeometry geometry, WeightSource weights,
        WeightSource? bias, bool transposed) : base(owned)
    {
        _owned = owned;
        GeometryChecks.Convolution(geometry, weights, bias, transposed ? geometry.C : geometry.K);
        _algorithms = algorithms;
        _g = geometry;
        _planes = new ConvolutionPlanes(geometry);
        _transposed = transposed;
        _weights = constants.Of(weights);
        _output = transposed ? new Shape(1, _g.C, _g.H, _g.W) : new Shape(1, _g.K, _g.OutH, _g.OutW);
        _relu = owned.Own(new ActivationDescriptor(ActivationMode.Relu));
        if (bias is null)
            return;
        _bias = constants.Of(bias);
        _biasShape = owned.Own(new TensorDescriptor(1, _output.C, 1, 1));
    }

    public override string Algorithm => _passes.Find(p => p.Kind == Kind(PassDirection.Forward)) is { } pass
        ? $"cuDNN {DnnAlgorithms.Name(pass.Kind, pass.Algorithm)}"
        : "cuDNN";

    public override Needs NeedsFor(BackwardRule rule) => _tail.Rectifies && rule.Relu != ReluRule.Deconvnet ? Needs.Mask : Needs.None;

    public override long StateBytes(int samples) => _tail.Rectifies ? MaskWords.Bytes(_output, samples) : 0;

    public override long ScratchBytes(int rows, PassDirection direction) => ScratchBytes(Pass(Kind(direction), rows));

    public bool TryTake(Tail tail)
    {
        _tail = tail;
        return true;
    }

    public override void Forward(in ForwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        Activation y = call.Output;
        nint bias = _bias, addend = _tail.Adds ? call.Inputs[1].Address : 0;
        ConvolutionPass pass = Pass(Kind(PassDirection.Forward), y.Shape.N);
        if (_tail.Rectifies && call.State == 0 && bias != 0 && !_transposed)
        {
            pass.ForwardRectified(q, Seen(q, pass, call.Inputs[0].Address, call.Scratch), _weights, y.Address, call.Scratch, _biasShape!, bias, addend, _relu);
            return;
        }

        Run(q, pass, call.Inputs[0].Address, y.Address, call.Scratch);
        long units = y.Shape.Count;
        int plane = _output.H * _output.W;
        if (_tail.Rectifies)
        {
            ReluKernels.BiasReluForward(q.Kernels, q.Stream, LaunchShape.OverFours(units), y.Address, bias, addend, y.Address, call.State, units, _output.C, plane);
            return;
        }

        if (bias != 0)
            BiasKernels.AddBias(q.Kernels, q.Stream, LaunchShape.OverFours(units), y.Address, bias, y.Address, units, _output.C, plane);
        if (addend != 0)
            q.Accumulate(y, call.Inputs[1]);
    }

    public override void Backward(in BackwardCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        Activation signal = call.Signal;
        bool passesOn = _tail.Adds && call.InputSignals[1].IsPresent;
        if (_tail.Rectifies && !call.IsGated)
        {
            // Into the addend's signal where there is one, for it is the same; else where it is.
            nint gated = passesOn ? call.InputSignals[1].Address : signal.Address;
            MaskWords.Gate(q, signal, gated, call.State, call.Seeds, call.Rule);
            signal = signal with { Address = gated };
        }
        else if (passesOn)
        {
            Pass(q, signal, call.InputSignals[1]);
        }

        if (call.InputSignals[0].IsPresent)
            Run(q, Pass(Kind(PassDirection.Backward), signal.Shape.N), signal.Address, call.InputSignals[0].Address, call.Scratch);
    }

    public int ParameterCount => _bias == 0 ? 1 : 2;

    public long ParameterScratchBytes(int samples) => ScratchBytes(Pass(ConvolutionPassKind.Filter, samples));

    public void BackwardParameters(in ParameterCall call)
    {
        CudaQueue q = call.Queue.Cuda;
        Activation signal = call.Signal;
        if (_tail.Rectifies && !call.IsGated)
            MaskWords.Gate(q, signal, signal.Address, call.State, 1, call.Rule);
        // A transposed convolution reads what the convolution would have written.
        (nint x, nint dy) = _transposed ? (signal.Address, call.Input.Address) : (call.Input.Address, signal.Address);
        ConvolutionPass pass = Pass(ConvolutionPassKind.Filter, signal.Shape.N);
        pass.BackFilter(q, Seen(q, pass, x, call.Scratch), dy, call.Gradients[0].Address, call.Scratch);
        if (_bias != 0)
            ChannelSums.Run(q, signal, _output.C, _output.H * _output.W, 0, 0, 0, call.Gradients[1].Address, 0);
    }

    public int RecordBytes(int samples) => _tail.Rectifies ? MaskWords.RecordBytes(_output, samples) : 0;

    public void Export(WorkQueue queue, int samples, Layout layout, nint state, Span<byte> record) => queue.Cuda.Download(state, record[..RecordBytes(samples)]);

    public void Import(WorkQueue queue, int samples, Layout layout, ReadOnlySpan<byte> record, nint state) => MaskWords.Import(queue.Cuda, record, state);

    /// <summary>Which computation a direction is.</summary>
    ConvolutionPassKind Kind(PassDirection direction) =>
        _transposed != (direction == PassDirection.Backward) ? ConvolutionPassKind.Data : ConvolutionPassKind.Forward;

    /// <summary>The pass for that many rows; plans ask for their scratch, and so prepare it, before they run.</summary>
    ConvolutionPass Pass(ConvolutionPassKind kind, int rows)
    {
        foreach (ConvolutionPass known in _passes)
        {
            if (known.Kind == kind && known.Rows == rows)
                return known;
        }

        ConvolutionPass pass = _owned.Own(new ConvolutionPass(_algorithms, _g, _planes, rows, kind));
        _passes.Add(pass);
        return pass;
    }

    long ScratchBytes(ConvolutionPass pass) => pass.WorkspaceBytes + _planes.Bytes(pass.Rows);

    /// <summary>The convolution's input as cuDNN is to see it; copies lie behind the workspace.</summary>
    nint Seen(CudaQueue queue, ConvolutionPass pass, nint x, nint scratch)
    {
        if (!_planes.AreCopied)
            return x;
        nint copies = scratch + (nint)pass.WorkspaceBytes;
        _planes.In(queue, pass.Rows, x, copies);
        return copies;
    }

    void Run(CudaQueue queue, ConvolutionPass pass, nint from, nint to, nint scratch)
    {
        if (pass.Kind == ConvolutionPassKind.Forward)
        {
            pass.Forward(queue, Seen(queue, pass, from, scratch), _weights, to, scratch);
            return;
        }

        nint seen = _planes.AreCopied ? scratch + (nint)pass.WorkspaceBytes : to;
        pass.BackData(queue, _weights, from, seen, scratch);
        if (_planes.AreCopied)
            _planes.Out(queue, pass.Rows, seen, to);
    }
}
