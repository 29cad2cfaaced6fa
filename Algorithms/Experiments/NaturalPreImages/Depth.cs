using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>Places in a network by depth, as the paper has them for its three networks.</summary>
internal static class Depth
{
    /// <summary>The last layers of C = 300, 100 and 20 of the networks of the paper; behind them C is 1 (spec 9.4, Figures 5 to 7).</summary>
    static readonly string[][] s_limits = [["conv4_3", "conv5_1", "conv5_3"], ["relu3", "relu4", "relu5"]];

    /// <summary>The same places of AlexNet and VGG-M, as parts of their 20 layers, for networks of other names.</summary>
    static readonly double[] s_parts = [0.5, 0.6, 0.7];

    static readonly double[] s_cs = [300, 100, 20];

    /// <summary>C for a layer of a strip.</summary>
    public static double C(Subject subject, Node node)
    {
        string[]? limits = Array.Find(s_limits, names => names.All(n => subject.Network.Nodes.Any(m => m.Name == n)));
        for (int i = 0; i < s_cs.Length; i++)
        {
            if (limits is null ? Part(subject, node) <= s_parts[i] : node.Index <= subject.Network.Nodes[limits[i]].Index)
                return s_cs[i];
        }

        return 1;
    }

    /// <summary>How deep a layer lies: the part of the layers that are not behind it.</summary>
    public static double Part(Subject subject, Node node) => subject.Layers.Count(n => n.Index <= node.Index) / (double)subject.Layers.Count;

    /// <summary>The layer all signals pass that lies nearest to a depth.</summary>
    public static Node At(Subject subject, double part) => subject.Trunk.MinBy(n => Math.Abs(Part(subject, n) - part))!;

    /// <summary>The node of a name, or the layer of a depth where the network has none.</summary>
    public static Node Named(Subject subject, string name, double part) => subject.Network.Nodes.FirstOrDefault(n => n.Name == name) ?? At(subject, part);
}
