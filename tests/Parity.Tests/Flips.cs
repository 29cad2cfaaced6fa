using System.Numerics;
using Preimage.Layers;

namespace Preimage.Parity.Tests;

/// <summary>Masks and switches that differ between two forward runs.</summary>
internal static class Flips
{
    /// <summary>How many differ, and of how many.</summary>
    public static (int Differing, long All) Count(ForwardRecord a, ForwardRecord b)
    {
        Assert.Equal(a.Nodes.Order(), b.Nodes.Order());
        int differing = 0;
        long all = 0;
        foreach (string node in a.Nodes)
        {
            Assert.Equal(a.HoldsSwitches(node), b.HoldsSwitches(node));
            all += a.ShapeOf(node).Count;
            if (a.HoldsSwitches(node))
            {
                ReadOnlySpan<int> there = a.Switches(node), here = b.Switches(node);
                for (int i = 0; i < there.Length; i++)
                    differing += there[i] == here[i] ? 0 : 1;
            }
            else
            {
                ReadOnlySpan<byte> there = a.Mask(node), here = b.Mask(node);
                for (int i = 0; i < there.Length; i++)
                    differing += BitOperations.PopCount((uint)(there[i] ^ here[i]));
            }
        }

        return (differing, all);
    }
}
