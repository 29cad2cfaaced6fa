using System.Numerics;
using Preimage.Layers;

namespace Preimage.Algorithms.Comparison;

/// <summary>Counts the masks and switches in which records differ.</summary>
internal static class RecordComparison
{
    /// <summary>A node's; null where neither record has it.</summary>
    /// <exception cref="PreimageException">One record has the node and the other has not, or another kind of state for it.</exception>
    public static DecisionDifference? Of(string node, ForwardRecord expected, ForwardRecord actual)
    {
        if (!expected.Nodes.Contains(node) && !actual.Nodes.Contains(node))
            return null;
        long differing = 0, count = expected.ShapeOf(node).Count;
        bool switches = expected.HoldsSwitches(node);
        if (switches)
        {
            ReadOnlySpan<int> there = expected.Switches(node), here = actual.Switches(node);
            for (int i = 0; i < there.Length; i++)
                differing += there[i] == here[i] ? 0 : 1;
        }
        else
        {
            ReadOnlySpan<byte> there = expected.Mask(node), here = actual.Mask(node);
            for (int i = 0; i < there.Length; i++)
                differing += BitOperations.PopCount((uint)(there[i] ^ here[i]));
        }

        return new DecisionDifference(node, switches, differing, count);
    }

    /// <summary>All nodes that both records hold.</summary>
    public static IEnumerable<DecisionDifference> Common(ForwardRecord expected, ForwardRecord actual) =>
        expected.Nodes.Intersect(actual.Nodes).Select(n => Of(n, expected, actual)!);
}
