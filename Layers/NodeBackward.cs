using Preimage.Layers.Operators;

namespace Preimage.Layers;

/// <summary>What an <see cref="INodeRule"/> sees of one node during a backward pass, as NCHW host values.</summary>
/// <remarks>Signals have N*K rows: row n*K + k belongs to sample n of the inputs and the output.</remarks>
public readonly ref struct NodeBackward
{
    /// <summary>The number of the layer with the weights of <see cref="INodeRule.Transform"/>.</summary>
    internal const int OfTransform = -1;

    readonly Backend _backend;
    readonly IOperator _operator;
    readonly Func<Node, int, IOperator?> _variants;
    readonly BackwardCall _call;

    internal NodeBackward(Node node, Backend backend, IOperator op, Func<Node, int, IOperator?> variants, in BackwardCall call)
    {
        Node = node;
        _backend = backend;
        _operator = op;
        _variants = variants;
        _call = call;
    }

    /// <summary>The node.</summary>
    public Node Node { get; }

    /// <summary>K: rows of signal per sample.</summary>
    public int Seeds => _call.Seeds;

    /// <summary>How many inputs the node's operator has.</summary>
    public int InputCount => _call.Inputs.Length;

    /// <summary>The shape of the output.</summary>
    public Shape OutputShape => _call.Output.Shape;

    /// <summary>The shape of the signal at the output.</summary>
    public Shape SignalShape => _call.Signal.Shape;

    /// <summary>The shape of an input.</summary>
    public Shape InputShape(int input) => _call.Inputs[input].Shape;

    /// <summary>Whether the signal of an input is wanted.</summary>
    public bool Wants(int input) => _call.InputSignals[input].IsPresent;

    /// <summary>Reads an input of the forward pass.</summary>
    public void ReadInput(int input, Span<float> values) => _call.Queue.Download(Checked(_call.Inputs[input], values.Length, "input"), values);

    /// <summary>Reads the output of the forward pass.</summary>
    public void ReadOutput(Span<float> values) => _call.Queue.Download(Checked(_call.Output, values.Length, "output"), values);

    /// <summary>Reads the signal at the output.</summary>
    public void ReadSignal(Span<float> values) => _call.Queue.Download(Checked(_call.Signal, values.Length, "signal"), values);

    /// <summary>Sets the signal of an input.</summary>
    public void WriteInputSignal(int input, ReadOnlySpan<float> values) =>
        _call.Queue.Upload(values, Checked(_call.InputSignals[input], values.Length, "input signal"));

    /// <summary>Carries a signal back by the operator's true adjoint into the signals of all wanted inputs.</summary>
    /// <param name="signal">The signal at the output, N*K rows.</param>
    /// <param name="transformed">Whether the weights are those of <see cref="INodeRule.Transform"/>.</param>
    public void Propagate(ReadOnlySpan<float> signal, bool transformed = false)
    {
        _call.Queue.Upload(signal, Checked(_call.Signal, signal.Length, "signal"));
        Chosen(transformed).Backward(new BackwardCall
        {
            Queue = _call.Queue, Signal = _call.Signal, InputSignals = _call.InputSignals, Inputs = _call.Inputs, Output = _call.Output,
            State = _call.State, Scratch = _call.Scratch, Seeds = _call.Seeds, Rule = BackwardRule.Gradient,
        });
    }

    /// <summary>Reads the signal that <see cref="Propagate(ReadOnlySpan{float}, bool)"/> left at an input.</summary>
    public void ReadInputSignal(int input, Span<float> values) =>
        _call.Queue.Download(Checked(_call.InputSignals[input], values.Length, "input signal"), values);

    /// <summary>Runs the operator forward once more on the kept inputs.</summary>
    /// <param name="values">Receives the output.</param>
    /// <param name="transformed">Whether the weights are those of <see cref="INodeRule.Transform"/>.</param>
    public void Forward(Span<float> values, bool transformed = false)
    {
        using DeviceBuffer output = _backend.Allocate(_backend.BytesFor(OutputShape, _call.Output.Layout));
        Activation target = Checked(_call.Output with { Address = output.Address }, values.Length, "output");
        Chosen(transformed).Forward(new ForwardCall { Queue = _call.Queue, Inputs = _call.Inputs, Output = target, Scratch = _call.Scratch });
        _call.Queue.Download(target, values);
    }

    /// <summary>Runs a variant of the layer forward on values of the caller's.</summary>
    /// <param name="variant">The number of <see cref="INodeRule.Variant"/>.</param>
    /// <param name="input">In place of the layer's only input, as many samples as it has.</param>
    /// <param name="values">Receives the output.</param>
    public void Forward(int variant, ReadOnlySpan<float> input, Span<float> values)
    {
        IOperator op = Variant(variant);
        (Shape from, Shape to) = (InputShape(0), OutputShape);
        (Layout taken, Layout given) = Layouts(op);
        using DeviceBuffer source = _backend.Allocate(_backend.BytesFor(from, taken)), result = _backend.Allocate(_backend.BytesFor(to, given));
        using DeviceBuffer? scratch = Scratch(op.ScratchBytes(to.N, PassDirection.Forward));
        Activation x = Checked(new Activation(from, source.Address, taken), input.Length, "input");
        Activation y = Checked(new Activation(to, result.Address, given), values.Length, "output");
        _call.Queue.Upload(input, x);
        op.Forward(new ForwardCall { Queue = _call.Queue, Inputs = [x], Output = y, Scratch = scratch?.Address ?? 0 });
        _call.Queue.Download(y, values);
    }

    /// <summary>Carries a signal back by a variant's true adjoint; signals of the plan stay as they are.</summary>
    /// <param name="variant">The number of <see cref="INodeRule.Variant"/>.</param>
    /// <param name="signal">The signal at the output, N*K rows.</param>
    /// <param name="inputSignal">Receives that of the layer's only input, N*K rows.</param>
    public void Propagate(int variant, ReadOnlySpan<float> signal, Span<float> inputSignal)
    {
        IOperator op = Variant(variant);
        (Shape from, Shape to) = (SignalShape, InputShape(0).WithSamples(InputShape(0).N * Seeds));
        (Layout below, Layout above) = Layouts(op);
        using DeviceBuffer source = _backend.Allocate(_backend.BytesFor(from, above)), result = _backend.Allocate(_backend.BytesFor(to, below));
        using DeviceBuffer? scratch = Scratch(op.ScratchBytes(from.N, PassDirection.Backward));
        Activation top = Checked(new Activation(from, source.Address, above), signal.Length, "signal");
        Activation bottom = Checked(new Activation(to, result.Address, below), inputSignal.Length, "input signal");
        _call.Queue.Upload(signal, top);
        op.Backward(new BackwardCall
        {
            Queue = _call.Queue, Signal = top, InputSignals = [bottom], Scratch = scratch?.Address ?? 0, Seeds = Seeds, Rule = BackwardRule.Gradient,
        });
        _call.Queue.Download(bottom, inputSignal);
    }

    IOperator Variant(int variant)
    {
        if (InputCount != 1)
            throw new ModelException(Node.Name, Node.Layer.Operator, $"it has {InputCount} inputs: variants are of layers with one");
        return (variant < 0 ? null : _variants(Node, variant)) ?? throw new ModelException(Node.Name, Node.Layer.Operator, $"the rule has no variant {variant} of it");
    }

    /// <summary>The layouts a variant takes and gives, which need not be those of the node's own operator.</summary>
    static (Layout Input, Layout Output) Layouts(IOperator op)
    {
        Layout input = op.Layouts.Input(Layout.Planar);
        return (input, op.Layouts.Output(input));
    }

    DeviceBuffer? Scratch(long bytes) => bytes > 0 ? _backend.Allocate(bytes) : null;

    /// <summary>Backends copy what they are told to: counts, and signals nobody wants, end here.</summary>
    Activation Checked(Activation array, int count, string what)
    {
        if (!array.IsPresent)
            throw new ModelException(Node.Name, Node.Layer.Operator, $"the {what} is not wanted in this pass: ask Wants first");
        return count == array.Shape.Count
            ? array
            : throw new ModelException(Node.Name, Node.Layer.Operator, $"the {what} has {array.Shape.Count} values ({array.Shape}), not {count}");
    }

    IOperator Chosen(bool transformed) => !transformed ? _operator
        : _variants(Node, OfTransform) ?? throw new ModelException(Node.Name, Node.Layer.Operator, "it has no weights to transform");
}
