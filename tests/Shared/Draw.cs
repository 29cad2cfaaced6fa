using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Tests.Shared;

/// <summary>Seeded numbers for tests.</summary>
internal static class Draw
{
    /// <summary>Normal numbers that follow from the seed alone.</summary>
    public static float[] Normal(ulong seed, int count, double deviation = 1, double mean = 0) =>
        new SeededWeights(seed, 0, Distribution.Gaussian(deviation, mean), count).ToArray();

    /// <summary>Normal numbers for a shape.</summary>
    public static float[] Normal(ulong seed, Shape shape) => Normal(seed, shape.Count);

    /// <summary>Normal weights held in memory.</summary>
    public static MemoryWeights Weights(ulong seed, double deviation, params int[] extents) =>
        new(Normal(seed, extents.Aggregate(1, (a, b) => a * b), deviation), extents);
}
