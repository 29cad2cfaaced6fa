namespace Preimage.Tests.Shared.Oracles;

/// <summary>Functions that the class library lacks, in double.</summary>
internal static class Functions
{
    /// <summary>2 / sqrt(pi) e^(-x²) times the sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)), of which no two terms differ in sign (Abramowitz and Stegun 7.1.6).</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
