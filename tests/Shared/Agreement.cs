namespace Preimage.Tests.Shared;

/// <summary>How far two arrays are apart, in the measures the project's bounds are stated in.</summary>
internal static class Agreement
{
    /// <summary>sum (a-b)^2 / sum b^2; where b is all zero, 0 if a is too and infinity otherwise.</summary>
    public static double Nmse(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(b.Length, a.Length);
        double error = 0, power = 0;
        for (int i = 0; i < a.Length; i++)
        {
            error += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
            power += (double)b[i] * b[i];
        }

        return power > 0 ? error / power : error == 0 ? 0 : double.PositiveInfinity;
    }

    /// <summary>Fails where an element is off by more than <paramref name="tolerance"/> of the largest expected magnitude; zeros must be zeros.</summary>
    public static void Close(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 0;
        foreach (double value in expected) scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < actual.Length; i++)
        {
            // Written so that NaN fails.
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance * scale))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}; largest magnitude {scale:R}, tolerance {tolerance:R} of it");
        }
    }

    /// <summary>Fails unless both hold the very same bits.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R} to the bit");
        }
    }
}
