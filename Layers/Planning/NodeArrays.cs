using Preimage.Layers.Operators;

namespace Preimage.Layers.Planning;

/// <summary>Where the value, or the signal, of each node lies: in one layout or in both.</summary>
/// <param name="backend">Says for which shapes both layouts are one.</param>
/// <param name="shapes">The shape of a node's array.</param>
/// <param name="nodes">How many nodes there are.</param>
internal sealed class NodeArrays(Backend backend, Func<Node, Shape> shapes, int nodes)
{
    readonly Slot?[][] _slots = [new Slot?[nodes], new Slot?[nodes]];
    readonly Layout[] _own = new Layout[nodes];

    /// <summary>Whether there is one in any layout.</summary>
    public bool Has(Node node) => _slots[0][node.Index] is not null || _slots[1][node.Index] is not null;

    /// <summary>The slot in a layout, null where there is none.</summary>
    public Slot? Find(Node node, Layout layout) => _slots[Key(node, layout)][node.Index];

    /// <summary>The layout the node's operator left its value in, which is the one callers see.</summary>
    public Layout Own(Node node) => _own[node.Index];

    /// <summary>Sets the slot in the node's own layout.</summary>
    public void SetOwn(Node node, Layout layout, Slot slot)
    {
        _own[node.Index] = layout;
        Set(node, layout, slot);
    }

    public void Set(Node node, Layout layout, Slot slot) => _slots[Key(node, layout)][node.Index] = slot;

    /// <summary>The array in a layout; absent where there is none.</summary>
    public PlannedActivation In(Node node, Layout layout) => new(Find(node, layout), shapes(node), layout);

    int Key(Node node, Layout layout) => backend.IsSameInAnyLayout(shapes(node)) ? 0 : (int)layout;
}
