using Preimage.Layers.Import.Onnx.Wire;
using Preimage.Layers.Kinds;

namespace Preimage.Layers.Export;

/// <summary>The parts of one split, which are nodes of their own here and outputs of one node in ONNX.</summary>
internal static class SplitWriter
{
    public static void Write(GraphWriter w, Node n, Split layer)
    {
        Node[] siblings = [.. n.Inputs[0].Consumers.Where(other => IsSibling(n, layer, other)).DistinctBy(s => ((Split)s.Layer).Part)];
        Node first = siblings.MinBy(s => s.Index)!;
        // A second node for the same part has no place in the group: it makes a split of its own.
        bool grouped = siblings.Contains(n);
        if (grouped && !ReferenceEquals(n, first))
            return;
        if (!grouped)
            siblings = [n];
        Node named = siblings.MinBy(s => ((Split)s.Layer).Part)!;
        NodeProto proto = w.Add(named, "Split", w.Input(n), w.Parameter(n, layer.Sizes?.Select(s => (long)s).ToArray(), 1, "split"));
        proto.With("axis", (long)layer.Axis);
        if (layer.Sizes is null && n.Inputs.Count == 1)
            proto.With("num_outputs", (long)layer.Parts);
        proto.Output.Clear();
        for (int part = 0; part < layer.Parts; part++)
        {
            Node? node = Array.Find(siblings, s => ((Split)s.Layer).Part == part);
            proto.Output.Add(node is null ? w.Unique($"{named.Name}/{part}") : w.ValueOf(node));
        }
    }

    static bool IsSibling(Node n, Split layer, Node other) => other.Layer is Split split
        && split.Axis == layer.Axis && split.Parts == layer.Parts
        && other.Inputs.SequenceEqual(n.Inputs)
        && (split.Sizes is null ? layer.Sizes is null : layer.Sizes is not null && split.Sizes.SequenceEqual(layer.Sizes));
}
