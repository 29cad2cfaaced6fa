using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Planning;

/// <summary>The way back: where signals lie, what is added up, and which ReLU's rule is applied where its signal is written.</summary>
internal sealed partial class PlanBuilder
{
    void PlanBackward()
    {
        var steps = Forward.Where(s => s.Computes).ToDictionary(s => s.Node);
        _time++;
        foreach (Node seed in _scope.Seeded)
        {
            Layout start = _values.Own(seed);
            _signals.Set(seed, start, NewSlot(_backend.BytesFor(SignalShape(seed), start), _time, _time));
        }

        foreach (Node node in _scope.Network.Nodes.Reverse())
        {
            if (!_scope.OnPath[node.Index] || !_signals.Has(node))
                continue;
            Slot signal = SignalInOwnLayout(node);
            _time++;
            signal.Use(_time);
            if (_scope.Gradients.Contains(node))
                KeepToEnd(signal);
            else if (node.Layer.IsView)
                PlanViewBackward(node, signal);
            else if (_joins.TryGetValue(node, out Join? join) && join.IsDone)
                PlanJoinBackward(node, signal);
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
        for (int i = 0; i < forward.Reads.Count; i++)
        {
            Node input = forward.Reads[i];
            if (!_scope.OnPath[input.Index])
            {
                targets.Add(default);
                continue;
            }

            Layout layout = forward.InputLayout(i);
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

        // What nothing goes back through is not prepared for it.
        long scratch = targets.Exists(t => t.Slot is not null) ? op.ScratchBytes(SignalShape(node).N, PassDirection.Backward) : 0;
        if (takenOver)
            scratch = Math.Max(scratch, op.ScratchBytes(Shape(node).N, PassDirection.Forward));
        Backward.Add(new BackwardStep(node, op, forward, Signal(node), [.. targets], [.. sums], Scratch(scratch))
        {
            InputRelu = takenOver ? null : GatedHere(forward), IsGated = _gated.Contains(node), Parameters = PlanParameters(forward),
        });
    }

    /// <summary>The gradients of parameters that a step makes, where they are wanted: they stay to the end. Nodes that share a layer add up.</summary>
    ParameterStep? PlanParameters(ForwardStep forward)
    {
        Node node = forward.Nodes[0];
        if (!_scope.Parameters.Contains(node))
            return null;
        if (node.Layer.Weights.Any(w => w.Value is SeededWeights { Streamed: not null }))
            throw new ModelException(node.Name, node.Layer.Operator, "its weights are drawn whenever they are read, and cannot change: train a copy of them (Parameters.Of)");
        if (forward.Operator is not IHasParameters op || node.Layer.Weights.Count == 0)
            throw new ModelException(node.Name, node.Layer.Operator, "there are no gradients of parameters of this layer");
        // Nodes behind this one come first, and what they share with it is there already.
        ParameterStep? before = Parameters.FirstOrDefault(p => p.Key.Layer == node.Layer).Value;
        var gradients = new PlannedActivation[op.ParameterCount];
        var own = new PlannedActivation[op.ParameterCount];
        for (int i = 0; i < own.Length; i++)
        {
            var shape = new Shape(node.Layer.Weights[i].Value.Count);
            own[i] = new PlannedActivation(NewSlot(_backend.BytesFor(shape, Layout.Planar), _time, before is null ? _end : _time), shape, Layout.Planar);
            gradients[i] = before is null ? own[i] : before.Gradients[i];
        }

        var step = new ParameterStep(node, op, gradients, own, Scratch(op.ParameterScratchBytes(Shape(node).N)));
        Parameters.Add(node, step);
        return step;
    }

    /// <summary>The ReLU whose rule this step applies to the signal of its first input as it writes it, where nothing else adds to that signal.</summary>
    ForwardStep? GatedHere(ForwardStep step)
    {
        Node input = step.Reads[0];
        bool gates = step.Operator.GatesInputSignal && _scope.OnPath[input.Index] && _uses[input.Index] == 1 && !_scope.Observed.Contains(input)
            && _values.Own(input) == step.InputLayout(0) && _scope.Options.NodeRule?.AppliesTo(input) != true;
        if (!gates || Forward.Find(s => s.Computes && s.Node == input) is not { } relu || relu.Node.Layer is not Relu || !relu.RecordsState)
            return null;
        _gated.Add(input);
        return relu;
    }
}
