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
internal sealed partial class PlanBuilder
{
    readonly PlanScope _scope;
    readonly Backend _backend;
    readonly NodeArrays _values, _signals;
    readonly Dictionary<Node, IOperator> _reorders = [];
    readonly List<IOperator> _prepared = [];
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
        Arena = new Arena(backend.Alignment);
        int count = scope.Network.Nodes.Count;
        _values = new NodeArrays(backend, Shape, count);
        _signals = new NodeArrays(backend, SignalShape, count);
        _search = new ChainSearch(scope);
        _uses = CountUses();
        FindJoins();
        // Every node takes one step forward and one back at most, and one each to change layouts; the seeds take one.
        _end = 4 * count + 2;
        try
        {
            foreach (Node node in scope.Network.Nodes)
            {
                if (scope.Wanted[node.Index])
                    PlanForward(node);
            }

            if (scope.Seeded.Count > 0 && scope.Options.Keep == Keep.ForBackward)
                PlanBackward();
            if (scope.Parameters.FirstOrDefault(n => !Parameters.ContainsKey(n)) is { } missed)
                throw new PreimageException($"no signal from '{scope.SeedNode?.Name}' reaches '{missed.Name}', whose parameters' gradients are wanted");
        }
        catch
        {
            DisposeOperators();
            throw;
        }
    }

    public Arena Arena { get; }

    public List<ForwardStep> Forward { get; } = [];

    public List<BackwardStep> Backward { get; } = [];

    /// <summary>What makes the gradients of parameters, by node.</summary>
    public Dictionary<Node, ParameterStep> Parameters { get; } = [];

    /// <summary>Constants to be uploaded once.</summary>
    public List<(Node Node, PlannedActivation Value)> Constants { get; } = [];

    /// <summary>The value of a node as its operator left it.</summary>
    public PlannedActivation Value(Node node) => _values.In(node, _values.Own(node));

    /// <summary>The signal at a node, in the layout of its value: N*K rows.</summary>
    public PlannedActivation Signal(Node node) => _signals.In(node, _values.Own(node));

    public void DisposeOperators()
    {
        foreach (IOperator op in _prepared)
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
            else
                Value(node).Slot!.Kept = true;
        }
        else if (layer.IsView)
        {
            PlanView(node);
        }
        else if (!IsJoined(node))
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
            if (chain.WithoutTail() is not { } folded)
            {
                _prepared.Remove(op);
                op.Dispose();
                return false;
            }

            chain = folded;
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
        // What is added to a chain's output lies as the output does.
        PlannedActivation[] inputs = [.. read.Select((node, i) => ValueIn(node, nodes.Count > 1 && i > 0 ? outputLayout : inputLayout))];
        _time++;
        Needs needs = NeedsOf(node, op);
        foreach (PlannedActivation input in inputs)
        {
            input.Slot!.Use(_time);
            if (needs.HasFlag(Needs.Input))
                KeepToEnd(input.Slot);
        }

        if (_scope.Parameters.Contains(nodes[0]))
            KeepToEnd(inputs[0].Slot!);

        Slot first = inputs[0].Slot!;
        bool inPlace = op.CanRunInPlace && inputs.Length == 1 && !first.Pinned && first.Uses == 1;
        Slot output = inPlace ? first : PartOfJoin(node, outputLayout) ?? NewSlot(_backend.BytesFor(shape, outputLayout), _time, _time);
        output.Uses = _uses[node.Index];
        output.Use(_time);
        _values.SetOwn(node, outputLayout, output);
        if (needs.HasFlag(Needs.Output))
            KeepToEnd(output);
        bool records = (needs & (Needs.Mask | Needs.Switches)) != 0;
        Slot? state = records ? NewSlot(op.StateBytes(shape.N), _time, _end) : null;
        if (state is not null)
            state.Kept = true;
        Forward.Add(new ForwardStep(nodes, op, read, inputs, Value(node), state, Scratch(op.ScratchBytes(shape.N, PassDirection.Forward))));
    }

    IOperator Prepare(Node node, Layer layer)
    {
        try
        {
            NodeValue[] arguments = [.. node.Inputs.Select(i => _scope.Values[i.Index])];
            return Kept(layer.Prepare(_backend, new LayerInputs(arguments), Shape(node)));
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
            _reorders.Add(node, reorder = Kept(_backend.CreateReorder(Shape(node))));
        return reorder;
    }

    /// <summary>Notes an operator, so that it is disposed whatever becomes of the plan.</summary>
    IOperator Kept(IOperator op)
    {
        _prepared.Add(op);
        return op;
    }

    /// <summary>What the backward passes of all rules may read of a node.</summary>
    Needs NeedsOf(Node node, IOperator op)
    {
        // Nothing goes back through a node where signals stop.
        if (!_scope.OnPath[node.Index] || _scope.Gradients.Contains(node))
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
        (slot.Pinned, slot.Kept) = (true, true);
        slot.Use(_end);
    }
}
