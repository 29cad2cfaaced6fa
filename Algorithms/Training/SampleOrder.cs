using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Training;

/// <summary>The order in which an epoch goes through its samples.</summary>
internal static class SampleOrder
{
    /// <summary>Streams below are those of initial weights.</summary>
    const ulong FirstStream = 1UL << 32;

    /// <summary>A permutation that follows from the seed and the epoch alone, so that a training that goes on needs no state of a generator.</summary>
    /// <param name="count">How many samples.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="epoch">The epoch from 0, or 0 for all where samples are shuffled once.</param>
    public static int[] Of(int count, ulong seed, int epoch) => SeededOrder.OfStream(count, seed, FirstStream + (ulong)epoch);
}
