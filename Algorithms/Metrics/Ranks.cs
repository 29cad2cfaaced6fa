namespace Preimage.Algorithms.Metrics;

/// <summary>Places of values when they are sorted.</summary>
internal static class Ranks
{
    /// <summary>The place of each value, the smallest's being 1; equal values share the mean of their places.</summary>
    public static float[] Of(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        var ranks = new float[sorted.Length];
        for (int first = 0; first < sorted.Length;)
        {
            int end = first + 1;
            while (end < sorted.Length && sorted[end] == sorted[first])
                end++;
            // Halves are exact up to 2^23 values.
            float rank = (float)((first + 1 + end) / 2.0);
            for (; first < end; first++)
                ranks[order[first]] = rank;
        }

        return ranks;
    }
}
