namespace Preimage.Algorithms.Metrics;

/// <summary>How alike two arrays are, value by value.</summary>
public static class Similarity
{
    /// <summary>The cosine of the angle between two arrays: sum a b / sqrt(sum a^2 sum b^2), in double.</summary>
    /// <returns>-1 to 1, or NaN where an array is zero everywhere and has no direction.</returns>
    /// <exception cref="ArgumentException">The arrays are empty or of different length.</exception>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Require(a, b);
        double both = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i], y = b[i];
            both += x * y;
            squaresA += x * x;
            squaresB += y * y;
        }

        // The roots one by one: the product of tiny squares would be 0.
        return squaresA > 0 && squaresB > 0 ? Math.Clamp(both / (Math.Sqrt(squaresA) * Math.Sqrt(squaresB)), -1, 1) : double.NaN;
    }

    /// <summary>The Euclidean norm of the difference, in double.</summary>
    /// <exception cref="ArgumentException">The arrays are empty or of different length.</exception>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Require(a, b);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    static void Require(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length || a.IsEmpty)
            throw new ArgumentException($"arrays of {a.Length} and {b.Length} values cannot be compared");
    }
}
