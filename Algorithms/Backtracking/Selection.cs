namespace Preimage.Algorithms.Backtracking;

/// <summary>The k-th smallest of many numbers without sorting them (Hoare 1961, "Find").</summary>
internal static class Selection
{
    /// <summary>Reorders values so that none before place k is larger, and none behind it smaller, than what stands there.</summary>
    /// <param name="values">Numbers, none of them NaN.</param>
    /// <param name="k">0 to the last place.</param>
    /// <returns>The value at place k.</returns>
    public static float Smallest(Span<float> values, int k)
    {
        int low = 0, high = values.Length - 1;
        while (low < high)
        {
            float pivot = Median(values[low], values[low + (high - low) / 2], values[high]);
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            // Between j and i all are the pivot.
            if (k <= j)
                high = j;
            else if (k >= i)
                low = i;
            else
                break;
        }

        return values[k];
    }

    static float Median(float a, float b, float c) => MathF.Max(MathF.Min(a, b), MathF.Min(MathF.Max(a, b), c));
}
