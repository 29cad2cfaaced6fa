using System.Numerics.Tensors;

namespace Preimage.Algorithms.Metrics;

/// <summary>How alike two arrays are, whatever their scale and offset.</summary>
public static class Correlation
{
    /// <summary>Pearson's correlation coefficient: sum (a-mean a)(b-mean b) / sqrt(sum (a-mean a)^2 sum (b-mean b)^2), in double.</summary>
    /// <returns>-1 to 1, or NaN where an array is constant and the coefficient has no meaning.</returns>
    /// <exception cref="ArgumentException">The arrays are empty or of different length.</exception>
    public static double Pearson(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length || a.IsEmpty)
            throw new ArgumentException($"arrays of {a.Length} and {b.Length} values cannot be correlated");
        double meanA = Mean(a), meanB = Mean(b), both = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i] - meanA, y = b[i] - meanB;
            both += x * y;
            squaresA += x * x;
            squaresB += y * y;
        }

        return squaresA > 0 && squaresB > 0 ? both / Math.Sqrt(squaresA * squaresB) : double.NaN;
    }

    /// <summary>Spearman's rank correlation: Pearson's of the places that the values have when they are sorted; equal values share the mean of their places.</summary>
    /// <returns>-1 to 1, or NaN where an array is constant or holds a NaN.</returns>
    /// <exception cref="ArgumentException">The arrays are empty or of different length.</exception>
    public static double Spearman(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length || a.IsEmpty)
            throw new ArgumentException($"arrays of {a.Length} and {b.Length} values cannot be correlated");
        return TensorPrimitives.IsNaNAny(a) || TensorPrimitives.IsNaNAny(b) ? double.NaN : Pearson(Ranks.Of(a), Ranks.Of(b));
    }

    static double Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum / values.Length;
    }
}
