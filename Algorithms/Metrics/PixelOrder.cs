using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Metrics;

/// <summary>In which order pixels are taken from a picture, or put into it.</summary>
internal static class PixelOrder
{
    /// <summary>The largest score first, the first of equals first.</summary>
    public static int[] ByScore(double[] scores)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort(order, (a, b) => scores[a] != scores[b] ? scores[b].CompareTo(scores[a]) : a.CompareTo(b));
        return order;
    }

    /// <summary>Any order, all alike (Fisher and Yates).</summary>
    public static int[] AtRandom(int pixels, SampleRandom random)
    {
        int[] order = [.. Enumerable.Range(0, pixels)];
        for (int i = pixels - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
