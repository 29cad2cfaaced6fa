namespace Preimage.Algorithms.Metrics;

/// <summary>How far an array is from another, whatever the scale of both.</summary>
public static class NormalisedError
{
    /// <summary>sum (a-b)^2 / sum b^2, in double; where b is all zero, 0 if a is too and infinity otherwise. Values that are not finite make it NaN or infinity.</summary>
    /// <param name="a">The array.</param>
    /// <param name="b">What it should be.</param>
    /// <exception cref="ArgumentException">The arrays are of different length.</exception>
    public static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"an array of {a.Length} values cannot be held against one of {b.Length}");
        double error = 0, power = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            error += difference * difference;
            power += (double)b[i] * b[i];
        }

        return power != 0 ? error / power : error == 0 ? 0 : error / 0.0;
    }
}
