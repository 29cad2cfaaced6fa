using Preimage.Layers.Kinds;
using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>A convolution and the nodes behind it that may run as one operator: batch norm folded into it, + addend, ReLU, in this order.</summary>
/// <param name="Members">The nodes, the convolution first; the last one's value is the operator's.</param>
/// <param name="Layer">The convolution, with the batch norm folded in.</param>
/// <param name="Addend">What is added, or null.</param>
/// <param name="Rectifies">Whether a ReLU is the last.</param>
internal sealed record Chain(IReadOnlyList<Node> Members, Layer Layer, Node? Addend, bool Rectifies)
{
    public Node Last => Members[^1];

    public Tail Tail => new(Addend is not null, Rectifies);

    /// <summary>What any convolution can run: itself with the batch norm folded in. Null where there is none.</summary>
    public Chain? WithoutTail() => Members.Count > 1 && Members[1].Layer is BatchNormalisation ? new Chain([.. Members.Take(2)], Layer, null, false) : null;
}

/// <summary>Finds the chains of a scope. Nobody outside a chain may see a value inside: no other consumer, no caller, no node rule.</summary>
internal sealed class ChainSearch
{
    readonly PlanScope _scope;
    readonly List<Node>[] _consumers;
    readonly HashSet<Node> _taken = [];

    public ChainSearch(PlanScope scope)
    {
        _scope = scope;
        _consumers = [.. scope.Network.Nodes.Select(_ => new List<Node>())];
        foreach (Node node in scope.Network.Nodes.Where(n => scope.Wanted[n.Index]))
        {
            foreach (Node input in node.Inputs)
                _consumers[input.Index].Add(node);
        }
    }

    /// <summary>The longest chain from a convolution, or null where there is none.</summary>
    public Chain? From(Node head)
    {
        if (head.Layer is not Convolution convolution || IsRuled(head))
            return null;
        var members = new List<Node> { head };
        Layer layer = convolution;
        if (Next(members) is { Layer: BatchNormalisation norm } normNode && MayFold(head, normNode))
        {
            layer = _scope.Network.Folded(convolution, norm);
            members.Add(normNode);
        }

        Node? addend = null;
        if (Next(members) is { Layer: Arithmetic { Operation: ArithmeticOperation.Add } } sum && AlikeOther(sum, members[^1]) is { } other)
        {
            addend = other;
            members.Add(sum);
        }

        bool rectifies = Next(members) is { Layer: Relu };
        if (rectifies)
            members.Add(Next(members)!);
        if (members.Count == 1)
            return null;
        _taken.UnionWith(members);
        return new Chain(members, layer, addend, rectifies);
    }

    /// <summary>The one consumer of a value that nobody else looks at.</summary>
    Node? Next(List<Node> members)
    {
        Node node = members[^1];
        return !_scope.Observed.Contains(node) && _consumers[node.Index] is [var only] && !IsRuled(only) && !_taken.Contains(only) ? only : null;
    }

    /// <summary>What is folded is made once: neither is it to have gradients, nor to change.</summary>
    bool MayFold(Node convolution, Node norm) => _scope.Network.Parameters is null && !_scope.Parameters.Contains(convolution) && !_scope.Parameters.Contains(norm);

    bool IsRuled(Node node) => _scope.Options.NodeRule?.AppliesTo(node) == true;

    /// <summary>The other summand, where it is of the sum's shape and comes from an operator or an input.</summary>
    Node? AlikeOther(Node sum, Node one)
    {
        Node other = sum.Inputs[0] == one ? sum.Inputs[1] : sum.Inputs[0];
        NodeValue[] values = _scope.Values;
        bool alike = values[other.Index].Shape == values[sum.Index].Shape && values[one.Index].Shape == values[sum.Index].Shape;
        return alike && other != one && values[other.Index].Constant is null ? other : null;
    }
}
