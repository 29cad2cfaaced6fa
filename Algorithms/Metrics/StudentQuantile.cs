namespace Preimage.Algorithms.Metrics;

/// <summary>Quantiles of Student's distribution.</summary>
/// <remarks>Abramowitz and Stegun 1964, 26.7.3 and 26.7.4: for whole degrees of freedom the distribution is a finite sum of positive terms in the angle atan(t / sqrt(degrees)).</remarks>
internal static class StudentQuantile
{
    /// <summary>t with P(-t &lt; T &lt; t) = confidence.</summary>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <param name="degrees">Degrees of freedom, at least 1.</param>
    public static double TwoSided(double confidence, int degrees)
    {
        double low = 0, high = Math.PI / 2;
        // Halved until doubles are exhausted.
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (Inside(middle, degrees) < confidence)
                low = middle;
            else
                high = middle;
        }

        return Math.Sqrt(degrees) * Math.Tan((low + high) / 2);
    }

    static double Inside(double angle, int degrees)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        bool odd = degrees % 2 == 1;
        double term = odd ? cosine : 1, sum = 0;
        for (int k = odd ? 1 : 0; k <= degrees - 2; k += 2)
        {
            sum += term;
            term *= cosine * cosine * (k + 1) / (k + 2);
        }

        return odd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
    }
}
