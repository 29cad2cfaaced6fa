using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>Joins along the channels that cost nothing: producers write into the joined value, and the parts of its signal are theirs.</summary>
/// <remarks>For one sample and one seed, where the parts lie one behind the other; otherwise the join's operator copies.</remarks>
internal sealed partial class PlanBuilder
{
    readonly Dictionary<Node, Join> _joins = [];
    readonly Dictionary<Node, (Join Join, long Offset)> _parts = [];

    /// <summary>A join and the slot its parts are written to.</summary>
    sealed class Join(Node node)
    {
        public Node Node => node;

        public Slot? Whole { get; set; }

        /// <summary>Whether all parts were written in place, so that no operator runs.</summary>
        public bool IsDone { get; set; }
    }

    void FindJoins()
    {
        foreach (Node node in _scope.Network.Nodes.Where(n => _scope.Wanted[n.Index] && n.Layer is Concat))
        {
            Shape[] shapes = [.. node.Inputs.Select(Shape)];
            bool simple = Shape(node).N == 1 && _scope.Options.Seeds == 1 && _scope.Options.NodeRule?.AppliesTo(node) != true
                && _scope.Values[node.Index].Constant is null && node.Inputs.Distinct().Count() == shapes.Length
                && !node.Inputs.Any(_parts.ContainsKey);
            if (!simple || Axes.Normalise(((Concat)node.Layer).Axis, Shape(node).Rank) != 1 || !_backend.JoinsBlocked(shapes))
                continue;
            var join = new Join(node);
            _joins.Add(node, join);
            long offset = 0;
            foreach (Node input in node.Inputs)
            {
                _parts.Add(input, (join, offset));
                offset += _backend.BytesFor(Shape(input), Layout.Blocked);
            }
        }
    }

    /// <summary>The place of a value in the join it is a part of, or null.</summary>
    Slot? PartOfJoin(Node node, Layout layout)
    {
        if (layout != Layout.Blocked || !_parts.TryGetValue(node, out var part))
            return null;
        part.Join.Whole ??= NewSlot(_backend.BytesFor(Shape(part.Join.Node), Layout.Blocked), _time, _time);
        return part.Join.Whole.Part(part.Offset, _backend.BytesFor(Shape(node), layout));
    }

    /// <summary>Whether the join has happened already: every part was written in place.</summary>
    bool IsJoined(Node node)
    {
        if (!_joins.TryGetValue(node, out Join? join) || join.Whole is not { } whole
            || node.Inputs.Any(i => _values.Find(i, Layout.Blocked)?.Whole != whole))
        {
            return false;
        }

        // Parts that others read too must not be written over by what follows the join.
        whole.Pinned |= node.Inputs.Any(i => _uses[i.Index] > 1);
        whole.Uses = _uses[node.Index];
        _values.SetOwn(node, Layout.Blocked, whole);
        join.IsDone = true;
        return true;
    }

    /// <summary>The signal's parts are the inputs' signals, or are added to what arrived there.</summary>
    void PlanJoinBackward(Node node, Slot signal)
    {
        var sums = new List<(PlannedActivation, PlannedActivation)>();
        foreach (Node input in node.Inputs.Where(i => _scope.OnPath[i.Index]))
        {
            Slot part = signal.Part(_parts[input].Offset, _backend.BytesFor(SignalShape(input), Layout.Blocked));
            if (_signals.Find(input, Layout.Blocked) is not { } arrived)
            {
                part.Use(_time);
                _signals.Set(input, Layout.Blocked, part);
                continue;
            }

            arrived.Use(_time);
            PlannedActivation into = _signals.In(input, Layout.Blocked);
            sums.Add((into, into with { Slot = part }));
        }

        if (sums.Count > 0)
            Backward.Add(new BackwardStep(node, null, null, default, [], [.. sums], null));
    }
}
