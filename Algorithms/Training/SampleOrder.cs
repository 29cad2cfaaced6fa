using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training;

/// <summary>The order in which an epoch goes through its samples.</summary>
internal static class SampleOrder
{
    /// <summary>Streams below are those of initial weights.</summary>
    const ulong FirstStream = 1UL << 32;

    /// <summary>A permutation that follows from the seed and the epoch alone, so that a training that goes on needs no state of a generator.</summary>
    /// <remarks>Fisher and Yates with Philox; an index differs from uniform by at most count / 2^32.</remarks>
    /// <param name="count">How many samples.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="epoch">The epoch from 0, or 0 for all where samples are shuffled once.</param>
    public static int[] Of(int count, ulong seed, int epoch)
    {
        var order = new int[count];
        var words = new uint[count];
        Philox.Fill(seed, FirstStream + (ulong)epoch, 0, words);
        for (int i = 0; i < count; i++)
            order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = (int)(((ulong)words[i] * (uint)(i + 1)) >> 32);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
