using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments.Reproduction;
using Preimage.Layers;

namespace Preimage.Algorithms.Experiments.NaturalPreImages;

/// <summary>The classes the paper draws, and others for networks that do not have them.</summary>
internal static class ShownClasses
{
    static readonly (int Index, string Name)[] s_imageNet =
        [(100, "black swan"), (99, "goose"), (31, "tree frog"), (933, "cheeseburger"), (886, "vending machine")];

    static readonly (int Index, string Name)[] s_cifar = [(0, "airplane"), (2, "bird"), (6, "frog"), (7, "horse"), (9, "truck")];

    /// <summary>The classes of a network, by how many it has.</summary>
    public static IReadOnlyList<(int Index, string Name)> Of(Subject subject)
    {
        int classes = subject.ShapeOf(Logits.Of(subject.Network, out _)).SampleCount;
        return classes switch
        {
            1000 => s_imageNet,
            10 when subject.Network.InputShape.C == 3 => s_cifar,
            _ => [.. Enumerable.Range(0, Math.Min(5, classes)).Select(i => (i, $"class {i}"))],
        };
    }

    /// <summary>The class of Figure 3: the tree frog, or what comes nearest.</summary>
    public static (int Index, string Name) Frog(Subject subject)
    {
        IReadOnlyList<(int Index, string Name)> classes = Of(subject);
        return classes.FirstOrDefault(c => c.Name.Contains("frog", StringComparison.Ordinal), classes[0]);
    }
}
