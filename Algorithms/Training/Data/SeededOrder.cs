using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training.Data;

/// <summary>Orders drawn from a seed.</summary>
internal static class SeededOrder
{
    // Apart from the streams of what the same seed draws.
    const ulong Streams = 1UL << 60;

    /// <summary>The numbers 0 to count - 1 in an order drawn from the seed (Fisher and Yates).</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">A number of its own for every order of one seed.</param>
    public static int[] Of(int count, ulong seed, ulong stream) => OfStream(count, seed, Streams + stream);

    /// <summary>The same, from any stream of the seed; an index differs from uniform by at most count / 2^32.</summary>
    public static int[] OfStream(int count, ulong seed, ulong stream)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var words = new uint[count];
        Philox.Fill(seed, stream, 0, words);
        for (int last = count - 1; last > 0; last--)
        {
            int other = (int)(((ulong)words[last] * (ulong)(last + 1)) >> 32);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }
}
