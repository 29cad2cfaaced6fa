using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>Turns a scope into steps and an arena: operators prepared, values and signals given slots with lifetimes.</summary>
/// <remarks>
/// Time runs 0 = inputs uploaded, 1.. = forward steps, then the seed, then backward steps, then the end. What a backward pass reads
/// lives to the end, since several rules may run back over one forward pass. Views share the slot of their input.
/// A value is in the layout its operator gives; one that a consumer wants in the other layout is copied once, when it is first wanted, and its
/// signal comes back the same way.
/// </remarks>
internal sealed class PlanBuilder
{
    readonly PlanScope _scope;
    readonly Backend _backend;
    readonly NodeArrays _values, _signals;
    readonly Dictionary<Node, IOperator> _reorders = [];
    readonly ChainSearch _search;
    readonly Dictionary<Node, (Chain Chain, IOperator Operator)> _chains = [];
    readonly HashSet<Node> _inside = [], _gated = [];
    readonly int[] _uses;
    readonly int _end;
    int _time;

    public PlanBuilder(PlanScope scope, Backend backend)
    {
        _scope = scope;
        _backend = backend;
        int count = scope.Network.Nodes.Count;
        _values = new NodeArrays(backend, Shape, count);
        _signals = new NodeArrays(backend, SignalShape, count);
        _search = new ChainSearch(scope);
        _uses = CountUses();
        // Every node takes one step forward and one back at most, and one each to change layouts; the seed takes one.
        _end = 4 * count + 2;
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
            DisposeOperators();
            throw;
        }
    }

    public Arena Arena { get; } = new();

    public List<ForwardStep> Forward { get; } = [];

    public List<BackwardStep> Backward { get; } = [];

    /// <summary>Constants to be uploaded once.</summary>
    public List<(Node Node, PlannedActivation Value)> Constants { get; } = [];

    /// <summary>The value of a node as its operator left it.</summary>
    public PlannedActivation Value(Node node) => _values.In(node, _values.Own(node));

    /// <summary>The signal at a node, in the layout of its value: N*K rows.</summary>
    public PlannedActivation Signal(Node node) => _signals.In(node, _values.Own(node));

    public void DisposeOperators()
    {
        foreach (ForwardStep step in Forward.Where(s => s.Computes))
            step.Operator.Dispose();
        foreach (IOperator op in _reorders.Values.Concat(_chains.Values.Select(c => c.Operator)))
            op.Dispose();
    }

    Shape SignalShape(Node node) => _scope.SignalShape(node);

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
        if (_scope.Values[node.Index].Constant is not null || StartsChain(node) || _inside.Contains(node))
            return;
        Layer layer = node.Layer;
        if (layer is Input or Constant)
        {
            AddPinned(node);
            if (layer is Constant)
                Constants.Add((node, Value(node)));
        }
        else if (layer.IsView)
        {
            PlanView(node);
        }
        else
        {
            PlanOperator(node);
        }

        if (_scope.Observed.Contains(node))
            KeepToEnd(Value(node).Slot!);
    }

    /// <summary>The same array under another shape, for which it must be planar.</summary>
    void PlanView(Node node)
    {
        Node input = node.Inputs[0];
        Layout layout = Shape(node) == Shape(input) ? _values.Own(input) : Layout.Planar;
        _values.SetOwn(node, layout, ValueIn(input, layout).Slot!);
    }

    /// <summary>Prepares a convolution together with what follows it, where it takes that; the chain runs where its last node stands.</summary>
    bool StartsChain(Node node)
    {
        if (_search.From(node) is not { } chain)
            return false;
        IOperator op = Prepare(node, chain.Layer);
        if (op is not ITakesTail taker || !taker.TryTake(chain.Tail))
        {
            op.Dispose();
            return false;
        }

        _chains.Add(chain.Last, (chain, op));
        _inside.UnionWith(chain.Members.SkipLast(1));
        return true;
    }

    void PlanOperator(Node node)
    {
        Shape shape = Shape(node);
        IReadOnlyList<Node> nodes = [node];
        Node[] read = [.. node.Inputs.Where((_, i) => !node.Layer.ReadsOnHost(i))];
        IOperator op;
        if (_chains.Remove(node, out var chained))
        {
            (nodes, op) = (chained.Chain.Members, chained.Operator);
            read = chained.Chain.Addend is { } addend ? [nodes[0].Inputs[0], addend] : [nodes[0].Inputs[0]];
        }
        else
        {
            op = Prepare(node, node.Layer);
        }

        foreach (Node input in read)
            Upload(input);
        Layout ready = read.Any(i => _values.Own(i) == Layout.Blocked) ? Layout.Blocked : Layout.Planar;
        Layout inputLayout = op.Layouts.Input(ready), outputLayout = op.Layouts.Output(inputLayout);
        PlannedActivation[] inputs = [.. read.Select(i => ValueIn(i, inputLayout))];
        _time++;
        Needs needs = NeedsOf(node, op);
        foreach (PlannedActivation input in inputs)
        {
            input.Slot!.Use(_time);
            if (needs.HasFlag(Needs.Input))
                KeepToEnd(input.Slot);
        }

        Slot first = inputs[0].Slot!;
        bool inPlace = op.CanRunInPlace && inputs.Length == 1 && !first.Pinned && first.Uses == 1;
        Slot output = inPlace ? first : NewSlot(_backend.BytesFor(shape, outputLayout), _time, _time);
        output.Uses = _uses[node.Index];
        output.Use(_time);
        _values.SetOwn(node, outputLayout, output);
        if (needs.HasFlag(Needs.Output))
            KeepToEnd(output);
        bool records = (needs & (Needs.Mask | Needs.Switches)) != 0;
        Slot? state = records ? NewSlot(op.StateBytes(shape.N), _time, _end) : null;
        Forward.Add(new ForwardStep(nodes, op, read, inputs, Value(node), state, Scratch(op.ScratchBytes(shape.N, PassDirection.Forward))));
    }

    IOperator Prepare(Node node, Layer layer)
    {
        try
        {
            NodeValue[] arguments = [.. node.Inputs.Select(i => _scope.Values[i.Index])];
            return layer.Prepare(_backend, new LayerInputs(arguments), Shape(node));
        }
        catch (ShapeException e)
        {
            throw new ModelException(node.Name, node.Layer.Operator, e.Message, e);
        }
    }

    /// <summary>A value in a layout; one that is only there in the other is copied, now.</summary>
    PlannedActivation ValueIn(Node node, Layout layout)
    {
        if (_values.Find(node, layout) is null)
        {
            PlannedActivation own = Value(node);
            _time++;
            own.Slot!.Use(_time);
            Slot copy = NewSlot(_backend.BytesFor(own.Shape, layout), _time, _time);
            copy.Uses = own.Slot.Uses;
            _values.Set(node, layout, copy);
            Forward.Add(new ForwardStep([node], Reorder(node), [node], [own], _values.In(node, layout), null, null) { Computes = false });
        }

        return _values.In(node, layout);
    }

    IOperator Reorder(Node node)
    {
        if (!_reorders.TryGetValue(node, out IOperator? reorder))
            _reorders.Add(node, reorder = _backend.CreateReorder(Shape(node)));
        return reorder;
    }

    /// <summary>What the backward passes of all rules may read of a node.</summary>
    Needs NeedsOf(Node node, IOperator op)
    {
        if (!_scope.OnPath[node.Index])
            return Needs.None;
        Needs needs = op.NeedsFor(BackwardRule.Gradient) | op.NeedsFor(BackwardRule.Guided) | op.NeedsFor(BackwardRule.Deconvnet);
        return _scope.Options.NodeRule?.AppliesTo(node) == true ? needs | Needs.Input | Needs.Output : needs;
    }

    /// <summary>A value known on the host becomes a constant of the plan when an operator reads it.</summary>
    void Upload(Node input)
    {
        if (_values.Has(input))
            return;
        AddPinned(input);
        Constants.Add((input, Value(input)));
    }

    /// <summary>Room for a value that is there from the start and stays.</summary>
    void AddPinned(Node node)
    {
        Slot slot = NewSlot(_backend.BytesFor(Shape(node), Layout.Planar), 0, _end);
        slot.Pinned = true;
        _values.SetOwn(node, Layout.Planar, slot);
    }

    void PlanBackward(Node seed)
    {
        var steps = Forward.Where(s => s.Computes).ToDictionary(s => s.Node);
        Layout start = _values.Own(seed);
        _time++;
        _signals.Set(seed, start, NewSlot(_backend.BytesFor(SignalShape(seed), start), _time, _time));
        foreach (Node node in _scope.Network.Nodes.Reverse())
        {
            if (!_scope.OnPath[node.Index] || !_signals.Has(node))
                continue;
            Slot signal = SignalInOwnLayout(node);
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

    /// <summary>All of a node's signal in the layout of its value: what arrived in the other one is copied, and added where there was some.</summary>
    Slot SignalInOwnLayout(Node node)
    {
        Layout own = _values.Own(node), other = own == Layout.Planar ? Layout.Blocked : Layout.Planar;
        Slot? signal = _signals.Find(node, own);
        if (_signals.Find(node, other) is not { } elsewhere || elsewhere == signal)
            return signal!;
        _time++;
        elsewhere.Use(_time);
        Shape shape = SignalShape(node);
        var copy = new PlannedActivation(NewSlot(_backend.BytesFor(shape, own), _time, _time), shape, own);
        (PlannedActivation, PlannedActivation)[] sums = [];
        if (signal is null)
        {
            signal = copy.Slot!;
            _signals.Set(node, own, signal);
        }
        else
        {
            signal.Use(_time);
            sums = [(Signal(node), copy)];
        }

        Backward.Add(new BackwardStep(node, Reorder(node), null, _signals.In(node, other), [copy], sums, null));
        return signal;
    }

    /// <summary>A view's signal is its input's: the slot itself when it is the first to arrive, a sum otherwise.</summary>
    void PlanViewBackward(Node node, Slot signal)
    {
        Node input = node.Inputs[0];
        Layout layout = _values.Own(node);
        if (_signals.Find(input, layout) is null)
        {
            _signals.Set(input, layout, signal);
            return;
        }

        PlannedActivation into = _signals.In(input, layout);
        into.Slot!.Use(_time);
        Backward.Add(new BackwardStep(node, null, null, default, [], [(into, into with { Slot = signal })], null));
    }

    void PlanOperatorBackward(Node node, ForwardStep forward, Slot signal)
    {
        IOperator op = forward.Operator;
        bool takenOver = _scope.Options.NodeRule?.AppliesTo(node) == true;
        var targets = new List<PlannedActivation>();
        var sums = new List<(PlannedActivation, PlannedActivation)>();
        foreach (Node input in forward.Reads)
        {
            if (!_scope.OnPath[input.Index])
            {
                targets.Add(default);
                continue;
            }

            Layout layout = forward.InputLayout;
            Shape shape = SignalShape(input);
            if (_signals.Find(input, layout) is { } arrived)
            {
                arrived.Use(_time);
                var part = new PlannedActivation(NewSlot(_backend.BytesFor(shape, layout), _time, _time), shape, layout);
                targets.Add(part);
                sums.Add((_signals.In(input, layout), part));
            }
            else
            {
                bool inPlace = op.CanRunInPlace && forward.Reads.Count == 1 && !takenOver;
                _signals.Set(input, layout, inPlace ? signal : NewSlot(_backend.BytesFor(shape, layout), _time, _time));
                targets.Add(_signals.In(input, layout));
            }
        }

        long scratch = op.ScratchBytes(SignalShape(node).N, PassDirection.Backward);
        if (takenOver)
            scratch = Math.Max(scratch, op.ScratchBytes(Shape(node).N, PassDirection.Forward));
        Backward.Add(new BackwardStep(node, op, forward, Signal(node), [.. targets], [.. sums], Scratch(scratch))
        {
            InputRelu = takenOver ? null : GatedHere(forward), IsGated = _gated.Contains(node),
        });
    }

    /// <summary>The ReLU whose rule this step applies to the signal of its first input as it writes it, where nothing else adds to that signal.</summary>
    ForwardStep? GatedHere(ForwardStep step)
    {
        Node input = step.Reads[0];
        bool gates = step.Operator.GatesInputSignal && _scope.OnPath[input.Index] && _uses[input.Index] == 1 && !_scope.Observed.Contains(input)
            && _values.Own(input) == step.InputLayout && _scope.Options.NodeRule?.AppliesTo(input) != true;
        if (!gates || Forward.Find(s => s.Computes && s.Node == input) is not { } relu || relu.Node.Layer is not Relu || !relu.RecordsState)
            return null;
        _gated.Add(input);
        return relu;
    }

    Slot? Scratch(long bytes) => bytes > 0 ? NewSlot(bytes, _time, _time) : null;

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
