using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>Turns a scope into steps and an arena: operators prepared, values and signals given slots with lifetimes.</summary>
/// <remarks>
/// Time runs 0 = inputs uploaded, 1.. = forward steps, then the seed, then backward steps, then the end. What a backward pass reads
/// lives to the end, since several rules may run back over one forward pass. Views share the slot of their input.
/// </remarks>
internal sealed class PlanBuilder
{
    readonly PlanScope _scope;
    readonly Backend _backend;
    readonly Slot?[] _slots, _signals;
    readonly int[] _uses;
    readonly int _end;
    int _time;

    public PlanBuilder(PlanScope scope, Backend backend)
    {
        _scope = scope;
        _backend = backend;
        int count = scope.Network.Nodes.Count;
        _slots = new Slot?[count];
        _signals = new Slot?[count];
        _uses = CountUses();
        // Every node takes one step forward and one back at most, and the seed one.
        _end = 2 * count + 2;
        try
        {
            foreach (Node node in scope.Network.Nodes)
            {
                if (scope.Wanted[node.Index])
                    PlanForward(node);
            }

            if (scope.SeedNode is not null && scope.Options.Keep == Keep.ForBackward)
                PlanBackward(scope.SeedNode);
        }
        catch
        {
            foreach (ForwardStep step in Forward)
                step.Operator.Dispose();
            throw;
        }
    }

    public Arena Arena { get; } = new();

    public List<ForwardStep> Forward { get; } = [];

    public List<BackwardStep> Backward { get; } = [];

    /// <summary>Constants to be uploaded once.</summary>
    public List<(Node Node, PlannedActivation Value)> Constants { get; } = [];

    public PlannedActivation Value(Node node) => new(_slots[node.Index], Shape(node));

    /// <summary>The signal at a node: N*K rows.</summary>
    public PlannedActivation Signal(Node node) => new(_signals[node.Index], SignalShape(node));

    public Shape SignalShape(Node node) => Shape(node).WithSamples(checked(Shape(node).N * _scope.Options.Seeds));

    Shape Shape(Node node) => _scope.Values[node.Index].Shape;

    /// <summary>Per node, how many operators read its value, directly or through views; an observed view is read by the caller.</summary>
    int[] CountUses()
    {
        var uses = new int[_scope.Network.Nodes.Count];
        foreach (Node node in _scope.Network.Nodes.Reverse())
        {
            if (!_scope.Wanted[node.Index])
                continue;
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (!node.Layer.ReadsOnHost(i))
                    uses[node.Inputs[i].Index] += node.Layer.IsView ? uses[node.Index] + (_scope.Observed.Contains(node) ? 1 : 0) : 1;
            }
        }

        return uses;
    }

    void PlanForward(Node node)
    {
        if (_scope.Values[node.Index].Constant is not null)
            return;
        Layer layer = node.Layer;
        if (layer is Input or Constant)
        {
            Slot slot = NewSlot(_backend.BytesFor(Shape(node)), 0, _end);
            slot.Pinned = true;
            _slots[node.Index] = slot;
            if (layer is Constant)
                Constants.Add((node, Value(node)));
        }
        else if (layer.IsView)
        {
            _slots[node.Index] = _slots[node.Inputs[0].Index];
        }
        else
        {
            PlanOperator(node);
        }

        if (_scope.Observed.Contains(node))
            KeepToEnd(_slots[node.Index]!);
    }

    void PlanOperator(Node node)
    {
        var inputs = new List<PlannedActivation>(node.Inputs.Count);
        var arguments = new NodeValue[node.Inputs.Count];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _scope.Values[node.Inputs[i].Index];
            if (!node.Layer.ReadsOnHost(i))
                inputs.Add(Uploaded(node.Inputs[i]));
        }

        Shape shape = Shape(node);
        IOperator op;
        try
        {
            op = node.Layer.Prepare(_backend, new LayerInputs(arguments), shape);
        }
        catch (ShapeException e)
        {
            throw new ModelException(node.Name, node.Layer.Operator, e.Message, e);
        }

        _time++;
        Needs needs = NeedsOf(node, op);
        foreach (PlannedActivation input in inputs)
        {
            input.Slot!.Use(_time);
            if (needs.HasFlag(Needs.Input))
                KeepToEnd(input.Slot);
        }

        Slot first = inputs[0].Slot!;
        bool inPlace = op.CanRunInPlace && inputs.Count == 1 && !first.Pinned && first.Uses == 1;
        Slot output = inPlace ? first : NewSlot(_backend.BytesFor(shape), _time, _time);
        output.Uses = _uses[node.Index];
        output.Use(_time);
        _slots[node.Index] = output;
        if (needs.HasFlag(Needs.Output))
            KeepToEnd(output);
        bool records = (needs & (Needs.Mask | Needs.Switches)) != 0;
        Slot? state = records ? NewSlot(op.StateBytes(shape.N), _time, _end) : null;
        Forward.Add(new ForwardStep(node, op, [.. inputs], Value(node), state, Scratch(op, shape.N)));
    }

    /// <summary>What the backward passes of all rules may read of a node.</summary>
    Needs NeedsOf(Node node, IOperator op)
    {
        if (!_scope.OnPath[node.Index])
            return Needs.None;
        Needs needs = op.NeedsFor(BackwardRule.Gradient) | op.NeedsFor(BackwardRule.Guided) | op.NeedsFor(BackwardRule.Deconvnet);
        return _scope.Options.NodeRule?.AppliesTo(node) == true ? needs | Needs.Input | Needs.Output : needs;
    }

    /// <summary>An operator's input; a value known on the host becomes a constant of the plan.</summary>
    PlannedActivation Uploaded(Node input)
    {
        if (_slots[input.Index] is null)
        {
            Slot slot = NewSlot(_backend.BytesFor(Shape(input)), 0, _end);
            slot.Pinned = true;
            _slots[input.Index] = slot;
            Constants.Add((input, Value(input)));
        }

        return Value(input);
    }

    void PlanBackward(Node seed)
    {
        var steps = Forward.ToDictionary(s => s.Node);
        _signals[seed.Index] = NewSlot(_backend.BytesFor(SignalShape(seed)), ++_time, _time);
        foreach (Node node in _scope.Network.Nodes.Reverse())
        {
            if (!_scope.OnPath[node.Index] || _signals[node.Index] is not { } signal)
                continue;
            _time++;
            signal.Use(_time);
            if (node.Layer is Input)
                signal.Use(_end);
            else if (node.Layer.IsView)
                PlanViewBackward(node, signal);
            else
                PlanOperatorBackward(node, steps[node], signal);
        }
    }

    /// <summary>A view's signal is its input's: the slot itself when it is the first to arrive, a sum otherwise.</summary>
    void PlanViewBackward(Node node, Slot signal)
    {
        Node input = node.Inputs[0];
        if (_signals[input.Index] is null)
        {
            _signals[input.Index] = signal;
            return;
        }

        PlannedActivation into = Signal(input);
        into.Slot!.Use(_time);
        Backward.Add(new BackwardStep(node, null, default, [], [(into, new PlannedActivation(signal, into.Shape))], null));
    }

    void PlanOperatorBackward(Node node, ForwardStep forward, Slot signal)
    {
        IOperator op = forward.Operator;
        bool takenOver = _scope.Options.NodeRule?.AppliesTo(node) == true;
        var targets = new List<PlannedActivation>();
        var sums = new List<(PlannedActivation, PlannedActivation)>();
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            Node input = node.Inputs[i];
            if (node.Layer.ReadsOnHost(i))
                continue;
            if (!_scope.OnPath[input.Index])
            {
                targets.Add(default);
                continue;
            }

            Shape shape = SignalShape(input);
            if (_signals[input.Index] is { } arrived)
            {
                arrived.Use(_time);
                var part = new PlannedActivation(NewSlot(_backend.BytesFor(shape), _time, _time), shape);
                targets.Add(part);
                sums.Add((Signal(input), part));
            }
            else
            {
                bool inPlace = op.CanRunInPlace && node.Inputs.Count == 1 && !takenOver;
                _signals[input.Index] = inPlace ? signal : NewSlot(_backend.BytesFor(shape), _time, _time);
                targets.Add(Signal(input));
            }
        }

        Backward.Add(new BackwardStep(node, forward, new PlannedActivation(signal, SignalShape(node)), [.. targets], [.. sums],
            Scratch(op, SignalShape(node).N)));
    }

    Slot? Scratch(IOperator op, int rows) => op.ScratchBytes(rows) is > 0 and var bytes ? NewSlot(bytes, _time, _time) : null;

    Slot NewSlot(long bytes, int first, int last)
    {
        Slot slot = Arena.Add(bytes);
        slot.Use(first);
        slot.Use(last);
        return slot;
    }

    void KeepToEnd(Slot slot)
    {
        slot.Pinned = true;
        slot.Use(_end);
    }
}
