using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>An array of a plan before the plan's memory exists.</summary>
internal readonly record struct PlannedActivation(Slot? Slot, Shape Shape, Layout Layout)
{
    /// <summary>The array once the plan's memory is there; an absent one stays absent.</summary>
    public Activation At(Addresses memory) => Slot is null ? default : new Activation(Shape, memory.Of(Slot), Layout);
}

/// <summary>One operator's forward run.</summary>
/// <param name="nodes">The nodes it computes, one, or several in a chain; the last one's value is the output.</param>
/// <param name="op">The operator.</param>
/// <param name="reads">The nodes it reads.</param>
/// <param name="inputs">Their values.</param>
/// <param name="output">The output.</param>
/// <param name="state">Mask or switches.</param>
/// <param name="scratch">Scratch of the call.</param>
internal sealed class ForwardStep(
    IReadOnlyList<Node> nodes, IOperator op, IReadOnlyList<Node> reads, PlannedActivation[] inputs, PlannedActivation output, Slot? state, Slot? scratch)
{
    readonly Activation[] _inputs = new Activation[inputs.Length];
    Activation _output;
    nint _state, _scratch;

    /// <summary>The node whose value it makes.</summary>
    public Node Node => nodes[^1];

    /// <summary>All nodes it computes.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The nodes it reads.</summary>
    public IReadOnlyList<Node> Reads => reads;

    public IOperator Operator => op;

    /// <summary>Whether it computes its node, rather than copying its value into another layout.</summary>
    public bool Computes { get; init; } = true;

    /// <summary>The layout of an input.</summary>
    public Layout InputLayout(int input) => inputs[input].Layout;

    public nint State => _state;

    public bool RecordsState => state is not null;

    public ReadOnlySpan<Activation> Inputs => _inputs;

    public Activation Output => _output;

    /// <summary>Bytes of weights that it reads.</summary>
    public long WeightBytes => op.WeightBytes;

    /// <summary>Bytes of all inputs and the output.</summary>
    public long Bytes => inputs.Sum(i => i.Shape.Bytes) + output.Shape.Bytes;

    public void Bind(Addresses memory)
    {
        for (int i = 0; i < inputs.Length; i++)
            _inputs[i] = inputs[i].At(memory);
        _output = output.At(memory);
        _state = memory.Of(state);
        _scratch = memory.Of(scratch);
    }

    public void Run(WorkQueue queue) => op.Forward(new ForwardCall { Queue = queue, Inputs = _inputs, Output = _output, State = _state, Scratch = _scratch });
}

/// <summary>One operator's backward run, and the sums it adds to; without an operator, the sums alone.</summary>
/// <param name="node">The node whose signal is carried back.</param>
/// <param name="op">Its operator, or one that copies the signal into another layout.</param>
/// <param name="forward">The operator's forward run, where it had one.</param>
/// <param name="signal">The signal at the output.</param>
/// <param name="inputSignals">What it becomes.</param>
/// <param name="sums">Signals that met one already there.</param>
/// <param name="scratch">Scratch of the call.</param>
internal sealed class BackwardStep(
    Node node, IOperator? op, ForwardStep? forward, PlannedActivation signal, PlannedActivation[] inputSignals,
    (PlannedActivation Into, PlannedActivation From)[] sums, Slot? scratch)
{
    readonly Activation[] _inputSignals = new Activation[inputSignals.Length];
    readonly (Activation Into, Activation From)[] _sums = new (Activation, Activation)[sums.Length];
    readonly bool _carries = inputSignals.Any(i => i.Slot is not null);
    Activation _signal;
    nint _scratch;

    public Node Node => node;

    /// <summary>The nodes it carries the signal through; none where it copies or adds up.</summary>
    public IReadOnlyList<Node> Nodes => forward?.Nodes ?? [];

    /// <summary>The forward run of the ReLU whose rule is applied to the first input's signal as it is written, or null.</summary>
    public ForwardStep? InputRelu { get; init; }

    /// <summary>Whether the signal came through the operator's own ReLU already.</summary>
    public bool IsGated { get; init; }

    /// <summary>What makes gradients of the operator's parameters, before the signal is carried on.</summary>
    public ParameterStep? Parameters { get; init; }

    /// <summary>The implementation that runs, or what stands in for one.</summary>
    public string Algorithm => op?.Algorithm ?? "Sum";

    /// <summary>Bytes of weights that it reads.</summary>
    public long WeightBytes => _carries && op is not null ? op.WeightBytes : 0;

    /// <summary>Bytes of the signal and of the signals it becomes, sums included.</summary>
    public long Bytes => (signal.Slot is null ? 0 : signal.Shape.Bytes)
        + inputSignals.Where(i => i.Slot is not null).Sum(i => i.Shape.Bytes) + sums.Sum(s => s.Into.Shape.Bytes);

    public void Bind(Addresses memory)
    {
        _signal = signal.At(memory);
        for (int i = 0; i < inputSignals.Length; i++)
            _inputSignals[i] = inputSignals[i].At(memory);
        for (int i = 0; i < sums.Length; i++)
            _sums[i] = (sums[i].Into.At(memory), sums[i].From.At(memory));
        Parameters?.Bind(memory);
        _scratch = memory.Of(scratch);
    }

    public void Run(Backend backend, WorkQueue queue, int seeds, BackwardRule rule, Func<Node, int, IOperator?> variants)
    {
        if (op is not null)
        {
            Parameters?.Run(Call(queue, seeds, rule, IsGated));
            BackwardCall call = Call(queue, seeds, rule, IsGated || Parameters is not null);
            if (forward is not null && rule.Node is { } taken && taken.AppliesTo(node))
                taken.Backward(new NodeBackward(node, backend, op, variants, call));
            else if (_carries)
                op.Backward(call);
        }

        foreach ((Activation into, Activation from) in _sums)
            queue.Accumulate(into, from);
    }

    BackwardCall Call(WorkQueue queue, int seeds, BackwardRule rule, bool gated) => new()
    {
        Queue = queue, Signal = _signal, InputSignals = _inputSignals, Inputs = forward is null ? default : forward.Inputs,
        Output = forward?.Output ?? default, State = forward?.State ?? 0, Scratch = _scratch, Seeds = seeds, Rule = rule,
        InputMask = InputRelu?.State ?? 0, IsGated = gated,
    };
}
