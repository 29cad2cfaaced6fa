using Preimage.Layers.Operators;

namespace Preimage.Layers;

/// <summary>What an <see cref="INodeRule"/> sees of one node during a backward pass, as NCHW host values.</summary>
/// <remarks>Signals have N*K rows: row n*K + k belongs to sample n of the inputs and the output.</remarks>
public readonly ref struct NodeBackward
{
    readonly Backend _backend;
    readonly IOperator _operator;
    readonly Func<Node, IOperator?> _transformed;
    readonly BackwardCall _call;

    internal NodeBackward(Node node, Backend backend, IOperator op, Func<Node, IOperator?> transformed, in BackwardCall call)
    {
        Node = node;
        _backend = backend;
        _operator = op;
        _transformed = transformed;
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

    /// <summary>Reads the signal that <see cref="Propagate"/> left at an input.</summary>
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
        : _transformed(Node) ?? throw new ModelException(Node.Name, Node.Layer.Operator, "it has no weights to transform");
}
